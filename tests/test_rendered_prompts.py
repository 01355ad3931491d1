"""Rendered prompts, read as a whole."""

from prompt_variables import CRISIS, PLAN, USER, crisis_variables, plan_variables, variables

from copilot.writers.prompts import render


def test_a_rendered_user_prompt_reads_as_a_whole() -> None:
    assert render(USER, **variables()) == (
        "请写一条群公告。\n"
        "\n"
        "怎么写这一类：\n"
        "临时变更：第一句就把“哪天、什么、从哪里改到哪里（从几点改到几点）”说完，能在手机通知栏里读懂。"
        "原来和现在放在同一点里，用“→”对照。写明只影响哪些、什么时候恢复。"
        "做不到的人找谁，只写条目里的人；没有结论的处理办法不写。\n"
        "口气：简短直白，老人也一眼看懂，不寒暄。\n"
        "篇幅：拼好后的全文（连标题、标点和小标题）不超过 180 字，这是硬限制，照 162 字来写才稳妥。先合并和删客套，条目里的事实不删。\n"
        "发到微信群：文字原样显示，不能排版。\n"
        "\n"
        "下面是运营手册，给你看的，不发到群里：只学做法，它的句子、例子和数字一个也不能写进公告。\n"
        '<section id="e1">\n'
        "出处：公告写作 › 一件事\n"
        "一条公告只讲一件事。\n"
        "</section>\n"
        "\n"
        "<brief>\n"
        "群：柳岸团购群\n"
        "标题：提货点变更\n"
        "称呼：各位邻居\n"
        "</brief>\n"
        "（<brief> 帮你了解读的人和起因。“这件事”可以用来说明缘由，运营者自己的打算不要写出来。标题可以改顺，不加事实。）\n"
        "\n"
        "<items>\n"
        '<item id="i1">提货点：东门 → 西门</item>\n'
        '<item id="i2">时间：【待核实:16:30 还是 17:30】</item>\n'
        "</items>\n"
        "\n"
        "这些空位都要出现，一字不差；条目里已经有的照条目的位置，没有的放进合适的那一点：\n"
        "<gaps>\n"
        '<gap id="g1">【待补充:咨询入口】（有问题找谁？）</gap>\n'
        '<gap id="g2">【待核实:16:30 还是 17:30】</gap>\n'
        "</gaps>\n"
        "\n"
        "只用 <items> 和 <gaps> 里的内容写，现在输出 JSON。"
    )


def test_the_rendered_prompt_of_a_weekly_plan_reads_as_a_whole() -> None:
    assert render(PLAN, **plan_variables()) == (
        "请写这一周要发的文字。\n"
        "\n"
        "<week>\n"
        "群：裁缝铺旧衣改造群\n"
        "运营者想要的语气：平和\n"
        "称呼：各位街坊\n"
        "时间：11月23日（周一） 至 11月29日（周日）\n"
        "目标：让每个人动手改一件\n"
        "</week>\n"
        "\n"
        "下面是运营手册，给你看的，不发到群里：只学做法，它的句子、例子和数字一个也不能写进文字。\n"
        '<section id="e1">\n'
        "出处：时间规划 › 固定时间\n"
        "固定时间送精华。\n"
        "</section>\n"
        "\n"
        "<focus>\n"
        "· 先答完上周的提问\n"
        "</focus>\n"
        "\n"
        "<never>\n"
        "· 群里点名：不点名\n"
        "</never>\n"
        "\n"
        "供你了解的情况，不写进文字：\n"
        "<known>\n"
        "· 街坊大多晚上有空\n"
        "</known>\n"
        "\n"
        "<slots>\n"
        '<slot id="s1">\n'
        "11月25日（周三） 19:00 · 集中答疑（群内问答）\n"
        "目的：有问有答\n"
        "成员说过：拉链总是缝歪\n"
        "程序写的：今晚 19:00 答疑，讲【待补充:讲哪种拉链】。剪坏了不退布料。\n"
        "空位：【待补充:讲哪种拉链】\n"
        "时间和数照写：今晚 19:00\n"
        "这句要留：剪坏了不退布料。\n"
        "</slot>\n"
        "</slots>\n"
        "（“程序写的”事实齐全但生硬：把话说得更像人，里面的时间、空位和条件一个不少，也不多。）\n"
        "\n"
        "现在输出 JSON。"
    )


def test_the_rendered_prompt_of_a_crisis_reply_reads_as_a_whole() -> None:
    assert render(CRISIS, **crisis_variables()) == (
        "请写这件事的回复。\n"
        "\n"
        "<matter>\n"
        "类型：产品质量\n"
        "轻重：2 级 一般\n"
        "渠道：群内\n"
        "群：裁缝铺旧衣改造群\n"
        "运营者想要的语气：平和\n"
        "称呼：各位街坊\n"
        "· 大衣左袖烫坏\n"
        "</matter>\n"
        "（<matter> 里没有核实的说法只帮你了解起因，不能当事实写出去。）\n"
        "\n"
        "下面是运营手册，给你看的，不发出去：只学做法，它的句子、例子和数字一个也不能写进回复。\n"
        '<section id="e1">\n'
        "出处：时间规划 › 固定时间\n"
        "固定时间送精华。\n"
        "</section>\n"
        "\n"
        "<confirmed>\n"
        '<fact id="v1">1 件左袖有烫痕</fact>\n'
        "</confirmed>\n"
        "\n"
        "<open>\n"
        '<fact id="u1">是不是温度调错</fact>\n'
        "</open>\n"
        "\n"
        "<allowed>\n"
        '<action id="a1">送回检查不收费</action>\n'
        "</allowed>\n"
        "\n"
        "<forbidden>\n"
        '<action id="f1">赔多少钱</action>\n'
        "</forbidden>\n"
        "\n"
        "<owned>没有核实的过错：不认错，只关心和说明</owned>\n"
        "\n"
        "大家问的和要求的，逐条回应：\n"
        "<doubts>\n"
        "· 怎么烫坏的\n"
        "</doubts>\n"
        "\n"
        "<people>\n"
        '<person id="c1">成员01；说过：袖子烫坏了</person>\n'
        "</people>\n"
        "<personal>成员02</personal>\n"
        "\n"
        "<updates>\n"
        '<update id="u1">11月21日 12:00</update>\n'
        "</updates>\n"
        "\n"
        "之前已经发出去的（先发的在前）。新的说明不能和它们矛盾；变了的要明说“之前说…，现在是…”：\n"
        "<published>在查。</published>\n"
        "<change>多了一件</change>\n"
        "\n"
        "这些空位都要出现，一字不差：\n"
        "<gaps>\n"
        '<gap id="g1">【待补充:讲哪种拉链】（讲哪种拉链？）</gap>\n'
        "</gaps>\n"
        "\n"
        "程序先写了一份稳妥但生硬的，你可以重写得更像人话，事实和承诺不能多也不能少：\n"
        "<plain>\n"
        "【说明】在查。\n"
        "</plain>\n"
        "\n"
        "群声明全文不超过 300 字。\n"
        "\n"
        "现在输出 JSON。"
    )


def test_a_rendered_repair_prompt_reads_as_a_whole() -> None:
    findings = [{"id": "c1", "words": "全场五折", "problem": "比例在简报里找不到", "fix": "删掉"}]
    assert render("announcement.repair.v1.jinja", findings=findings, length=None) == (
        "你刚才那份没有通过核对。按下面的意见改，没有提到的地方一个字不动，空位和代号照旧逐字保留：\n"
        "<findings>\n"
        '<finding id="c1">\n'
        "原话：全场五折\n"
        "问题：比例在简报里找不到\n"
        "怎么改：删掉\n"
        "</finding>\n"
        "</findings>\n"
        "简报里找不到的说法，删掉或换成条目里的原话，不要换一种说法再写一遍；漏掉的条目和空位补进 points。\n"
        "输出改好的完整 JSON，字段和次序不变。"
    )
