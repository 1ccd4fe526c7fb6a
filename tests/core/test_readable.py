"""What answers in JSON look like to whoever reads them."""

import json

import pytest
from flask import Flask

from tracker.core.readable import ReadableJSON


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("力村镇", '{"name":"力村镇"}'),
        ("力\ud800村", '{"name":"\\u529b\\ud800\\u6751"}'),
        ("\U00020bb7", '{"name":"\U00020bb7"}'),
    ],
)
def test_json_is_readable_and_can_always_be_sent(said: str, written: str) -> None:
    app = Flask("readable")
    app.json = ReadableJSON(app)
    with app.app_context():
        answer = app.json.response({"name": said})
    assert answer.get_data().decode().strip() == written
    assert json.loads(answer.get_data()) == {"name": said}
