"""Help for filling in some indicators of the sample: where a figure comes from, what is often mistaken."""

from __future__ import annotations

GUIDES = {
    "I01": (
        "数据来源：社区和物业的停车位施划验收记录。\n"
        "只填本月新增，不填累计。例如：6月新划并验收 120 个，填 120；"
        "已验收但尚未开放使用的，到开放的当月再填。\n"
        "临时借用、活动期间临时划线的车位不计。拿不准的，请问创建办。",
        "Source: the records of acceptance kept by the community and the property company.\n"
        "Enter only what came new this month. 120 spaces marked and accepted in June are 120; spaces that "
        "are accepted and not yet open count in the month in which they open.\n"
        "Bays that are borrowed or marked for an event do not count. When in doubt, ask the creation office.",
    ),
    "I03": (
        "数据来源：财务支付凭证，以付款日期所在月份为准，单位为万元。\n"
        "例如：6月20日支付 35,600 元，填 3.56。已签合同尚未付款的不计。",
        "Source: payment vouchers, by the month of payment, in units of ten thousand yuan.\n"
        "35,600 yuan paid on 20 June are 3.56. What is under contract and not yet paid does not count.",
    ),
    "I08": (
        "数据来源：文化活动台账。一次活动在多处举办的，只由主办单位填 1 场。\n"
        "因天气等原因取消的不计；排练、筹备会不计。",
        "Source: the register of culture activities. An activity held in several places is 1, entered by the "
        "unit that holds it.\n"
        "What was called off does not count, nor do rehearsals and meetings to prepare.",
    ),
    "I10": (
        "数据来源：三支队伍花名册，按月末在册人数填写，只填人数，不填姓名。\n"
        "同一人参加两支队伍的，在两支队伍中各计一次。",
        "Source: the rolls of the three kinds of teams at the end of the month. Enter numbers, never names.\n"
        "Somebody who belongs to two teams is counted in each.",
    ),
    "I16": (
        "数据来源：12345 热线和社区受理登记。以受理日期为准；同一事项重复来电的，计 1 件。",
        "Source: the 12345 hotline and the community's own list, by the day of receipt. Repeated calls about "
        "one matter are 1.",
    ),
}
"""Indicator: help for whoever fills it in, in Chinese and English; illustrative, as the sample is."""
