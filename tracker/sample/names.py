"""English names, definitions and lead units of the sample, which the worked case does not carry."""

from __future__ import annotations

TODAY = "2022-07-04"
"""The day on which the sample's story stands: June has ended, its reports are due tomorrow."""

DUE_WORKDAYS = 3
"""The sample's reports are due this many working days after a month: June's on Tuesday, 5 July."""

UNITS_EN = {
    "LC": "Licun Township",
    "LC01": "Jiqing Community",
    "LC02": "Heshun Community",
    "LC03": "Anning Community",
    "LC04": "Yongtai Community",
    "LC05": "Wenjing Community",
    "LC06": "Kangle Community",
    "LC07": "Donghu Community",
    "LC08": "Xuefu Community",
    "LC0101": "Jiqing Garden, first cluster",
    "LC0102": "Jiqing Garden, second cluster",
    "LC0103": "Jiqing Garden, third cluster",
    "LC0201": "Heshun Homes",
    "LC0202": "Heshun New Court",
    "LC0301": "Anning Court",
    "LC0302": "Anning East Court",
    "LC0401": "Yongtai Garden",
    "LC0402": "Yongtai West Court",
    "LC0501": "Wenjing Court",
    "LC0502": "Wenjing New Town",
    "LC0601": "Kangle Homes",
    "LC0602": "Kangle North Court",
    "LC0701": "Donghu Garden",
    "LC0801": "Xuefu Court",
    "LC0802": "Xuefu West Court",
    "LCD1": "Creation Office",
    "LCD2": "Urban Construction Office",
    "LCD3": "Culture Station",
    "LCD4": "Civil Affairs Office",
    "LCD5": "Party Building Office",
}

PILLARS_EN = {
    "提升硬件保创建": "Better facilities",
    "志愿队伍促创建": "Volunteer teams",
    "理清思路谋创建": "Clear governance",
    "打造试点助创建": "Pilot projects",
}

INITIATIVES = {
    "停车位建设": ("Parking spaces", "LCD2"),
    "小区绿化提升": ("Greening of compounds", "LCD2"),
    "垃圾四分法": ("Four-stream waste", "LCD1"),
    "文化合作社": ("Culture cooperatives", "LCD3"),
    "三支队伍": ("Three kinds of teams", "LCD3"),
    "活动广场": ("Activity squares", "LCD3"),
    "养老服务": ("Elderly care", "LCD4"),
    "小区管理体系": ("Compound governance", "LCD5"),
    "智慧小区试点": ("Smart-community pilot", "LCD2"),
    "常态化考评": ("Regular appraisal", "LCD1"),
}
"""Initiative: English name, code of the lead unit."""

COUNTED_EN = {
    "I01": "spaces",
    "I04": "compounds",
    "I07": "cooperatives",
    "I11": "squares",
}
"""Indicator counted in 个: what it counts, since English has no such word for all of them."""

UNITS_OF_MEASURE_EN = {
    "万元": "10,000 yuan",
    "场": "events",
    "人": "people",
    "支": "teams",
    "件": "cases",
    "%": "%",
}

CATEGORIES_EN = {"自治": "Self-governance", "自乐": "Leisure", "志愿": "Volunteering"}

DEFINITIONS = {
    "I01": (
        "本月新建成并划线、可以使用的停车位数。",
        "Parking spaces finished, marked and usable since the last month.",
    ),
    "I02": (
        "已完成施划的阶段权重 ÷ 全部阶段权重。",
        "Weight of the marking stages that are done, out of the weight of all stages.",
    ),
    "I03": ("本月实际支付的小区绿化费用。", "Money actually paid for greening compounds this month."),
    "I04": (
        "本月完成绿化提升并验收的小区数。",
        "Compounds whose greening was finished and accepted this month.",
    ),
    "I05": (
        "已配齐四分类垃圾桶的小区数 ÷ 小区总数。",
        "Compounds fully equipped with four-stream bins, out of all compounds.",
    ),
    "I06": ("本月举办的垃圾分类培训场次。", "Waste-sorting trainings held this month."),
    "I07": (
        "月末正常活动的文化合作社数。",
        "Culture cooperatives that are active at the end of the month.",
    ),
    "I08": ("本月举办的文化活动场次。", "Culture activities held this month."),
    "I09": (
        "月末在册的队伍数，按三支队伍分列。",
        "Teams on the roll at the end of the month, by kind of team.",
    ),
    "I10": (
        "月末在册的队员人数，按三支队伍分列。",
        "Members on the roll at the end of the month, by kind of team.",
    ),
    "I11": (
        "本月建成并开放的新时代文明实践广场数。",
        "Civilised-practice squares finished and opened this month.",
    ),
    "I12": (
        "有养老服务设施的社区数 ÷ 社区总数。",
        "Communities with an elderly-care facility, out of all communities.",
    ),
    "I13": (
        "五级架构健全的小区数 ÷ 小区总数。",
        "Compounds whose five-tier governance is complete, out of all compounds.",
    ),
    "I14": (
        "已完成的试点阶段权重 ÷ 全部阶段权重。",
        "Weight of the pilot's stages that are done, out of the weight of all stages.",
    ),
    "I15": (
        "月末兼任小区党总支书记的镇班子成员人数。",
        "Town leaders who serve as a compound's Party secretary at the end of the month.",
    ),
    "I16": (
        "本月受理的环境卫生类投诉件数，越少越好。",
        "Environmental-hygiene complaints received this month; fewer is better.",
    ),
}
"""Indicator: how the figure is counted, in Chinese and English."""

USERS = (
    ("donghu", "东湖社区填报员", "Donghu Community reporter", "reporter", "LC07"),
    ("chuangjianban", "创建办审核员", "Creation Office reviewer", "reviewer", "LC"),
    ("fenguan", "分管领导", "Official in charge", "official", "LC"),
    ("guanli", "管理员", "Administrator", "administrator", "LC"),
    ("shenji", "审计员", "Auditor", "auditor", "LC"),
    ("jiqing", "吉庆社区填报员", "Jiqing Community reporter", "reporter", "LC01"),
    ("heshun", "和顺社区填报员", "Heshun Community reporter", "reporter", "LC02"),
    ("anning", "安宁社区填报员", "Anning Community reporter", "reporter", "LC03"),
    ("yongtai", "永泰社区填报员", "Yongtai Community reporter", "reporter", "LC04"),
    ("wenjing", "文景社区填报员", "Wenjing Community reporter", "reporter", "LC05"),
    ("kangle", "康乐社区填报员", "Kangle Community reporter", "reporter", "LC06"),
    ("xuefu", "学府社区填报员", "Xuefu Community reporter", "reporter", "LC08"),
    ("zhenban", "镇级填报员", "Township reporter", "reporter", "LC"),
)
"""User name, label in both languages, role, unit; the first of each role is offered at sign-in."""

REVIEWER = "chuangjianban"
