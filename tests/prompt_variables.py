"""What the prompts of each job are rendered with."""

from typing import Any

USER = "announcement.user.v1.jinja"

PLAN = "weekly-plan.user.v2.jinja"

CRISIS = "crisis-reply.user.v1.jinja"


def variables(**changes: Any) -> dict[str, Any]:
    known = {
        "kind": "change",
        "tone": "plain",
        "platform": "wechat",
        "length": 180,
        "brief": {"群": "柳岸团购群", "成员": "", "标题": "提货点变更", "称呼": "各位邻居"},
        "items": [
            {"id": "i1", "text": "提货点：东门 → 西门"},
            {"id": "i2", "text": "时间：【待核实:16:30 还是 17:30】"},
        ],
        "gaps": [
            {"id": "g1", "placeholder": "【待补充:咨询入口】", "question": "有问题找谁？"},
            {"id": "g2", "placeholder": "【待核实:16:30 还是 17:30】", "question": ""},
        ],
        "sections": [{"id": "e1", "source": "公告写作 › 一件事", "text": "一条公告只讲一件事。"}],
    }
    return {**known, **changes}


def plan_variables(**changes: Any) -> dict[str, Any]:
    known = {
        "brief": {
            "群": "裁缝铺旧衣改造群",
            "成员": "",
            "运营者想要的语气": "平和",
            "标题": "周计划",
            "称呼": "各位街坊",
        },
        "week": "11月23日（周一） 至 11月29日（周日）",
        "goals": ["让每个人动手改一件"],
        "focus": ["先答完上周的提问"],
        "never": ["群里点名：不点名"],
        "known": ["街坊大多晚上有空"],
        "sections": [{"id": "e1", "source": "时间规划 › 固定时间", "text": "固定时间送精华。"}],
        "slots": [
            {
                "id": "s1",
                "when": "11月25日（周三） 19:00",
                "group": "",
                "action": "集中答疑",
                "form": "群内问答",
                "purpose": "有问有答",
                "answers": ["拉链总是缝歪"],
                "text": "今晚 19:00 答疑，讲【待补充:讲哪种拉链】。剪坏了不退布料。",
                "marks": ["【待补充:讲哪种拉链】"],
                "values": ["今晚 19:00"],
                "binding": ["剪坏了不退布料。"],
            }
        ],
    }
    return {**known, **changes}


def crisis_variables(**changes: Any) -> dict[str, Any]:
    known = {
        "length": 300,
        "brief": {"群": "裁缝铺旧衣改造群", "成员": "", "运营者想要的语气": "平和", "标题": "说明", "称呼": "各位街坊"},
        "types": "产品质量",
        "severity": "2 级 一般",
        "channel": "群内",
        "incident": ["大衣左袖烫坏"],
        "confirmed": [{"id": "v1", "text": "1 件左袖有烫痕"}],
        "open": [{"id": "u1", "text": "是不是温度调错"}],
        "allowed": [{"id": "a1", "text": "送回检查不收费"}],
        "forbidden": [{"id": "f1", "text": "赔多少钱"}],
        "owned": "",
        "doubts": ["怎么烫坏的"],
        "people": [{"id": "c1", "who": "成员01", "words": "袖子烫坏了"}],
        "personal": "成员02",
        "updates": [{"id": "u1", "when": "11月21日 12:00"}],
        "earlier": ["在查。"],
        "changes": ["多了一件"],
        "plain": "【说明】在查。",
        "gaps": [{"id": "g1", "placeholder": "【待补充:讲哪种拉链】", "question": "讲哪种拉链？"}],
        "sections": [{"id": "e1", "source": "时间规划 › 固定时间", "text": "固定时间送精华。"}],
    }
    return {**known, **changes}
