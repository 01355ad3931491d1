"""The home page in a real Chromium: what is kept shows what needs the operator, and each line leads to where it is dealt with."""

import uuid
from datetime import datetime, timedelta

import pytest
from kept_days import LESSON, STORAGE, ZONE, digest, keep_real_digest, plan, slot
from serving import open_page, settle

from copilot.store import Store

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

TODAY = datetime.now(ZONE)
YESTERDAY = f"{TODAY - timedelta(days=1):%Y-%m-%d}"
WEEK = (f"{TODAY - timedelta(days=3):%Y-%m-%d}", f"{TODAY + timedelta(days=3):%Y-%m-%d}")
ROWS = (
    ("07:30", "海带", "请问更衣室的储物柜怎么租"),
    ("12:31", "领队阿满", STORAGE),
    ("21:40", "领队阿满", "新的泳帽款式明天发到群里"),
)


@pytest.fixture
def group(store: Store) -> str:
    """A group of this test's own with yesterday's digest and this week's plan, and a second one beside it."""
    name = f"晨泳队{uuid.uuid4().hex[:6]}"
    asked = {"asker": "海带", "question": ROWS[0][2], "message": "m1"}
    due = TODAY.replace(hour=23, minute=59, second=0, microsecond=0).isoformat()
    owed = {"id": "a1", "owner": "领队阿满", "task": ROWS[2][2], "due": due, "status": "open", "messages": ["m3"]}
    claims = {"unanswered": [asked], "action_items": [owed]}
    keep_real_digest(store, uuid.uuid4().hex[:12], YESTERDAY, *ROWS, group=name, **claims)
    store.keep(digest(uuid.uuid4().hex[:12], YESTERDAY, *ROWS, group=f"{name}二群", unanswered=[asked]))
    brief = {"主题": "换气小课", "时间": "今晚 20:00", "地点": "二号码头"}
    slots = (
        slot("登记储物柜", YESTERDAY, "12:30", STORAGE, group=name),
        slot("换气小课", f"{TODAY:%Y-%m-%d}", "23:59", LESSON, group=name, brief=brief),
    )
    store.keep(plan(uuid.uuid4().hex[:12], *slots, week=WEEK).model_copy(update={"created": TODAY}))
    return name


@pytest.fixture
def today(group: str, page: "playwright.Page") -> "playwright.Page":
    """The home page with what was kept before it was opened, of that group alone."""
    page.reload()
    choice = page.get_by_test_id("stSelectbox").get_by_label("群", exact=True)
    choice.fill(group)
    page.get_by_role("option", name=group, exact=True).click()
    expect(line(page, "换气小课")).to_have_count(1)
    settle(page)
    return page


def line(page: "playwright.Page", words: str) -> "playwright.Locator":
    return page.locator("[class*='st-key-need-']", has_text=words)


def test_a_slot_of_today_becomes_an_announcement(today: "playwright.Page") -> None:
    row = line(today, "换气小课").first
    expect(row).to_contain_text("23:59")
    row.get_by_role("button", name="写成公告").click()
    expect(today.get_by_role("heading", level=1, name="公告")).to_be_visible()
    expect(today.get_by_label("要发的事")).to_have_value("主题：换气小课\n时间：今晚 20:00\n地点：二号码头")


def test_a_promise_opens_the_digest_at_what_was_said(today: "playwright.Page") -> None:
    row = line(today, "新的泳帽款式")
    expect(row).to_contain_text("今天到期")
    row.get_by_role("button").first.click()
    dialog = today.get_by_role("dialog")
    expect(dialog.locator(".line.cited")).to_contain_text("新的泳帽款式明天发到群里")
    today.keyboard.press("Escape")
    expect(today.get_by_role("heading", level=1, name="群日报")).to_be_visible()


def test_what_was_planned_shows_the_message_that_was_posted(today: "playwright.Page") -> None:
    row = line(today, "登记储物柜")
    expect(row).to_contain_text("发了")
    expect(row).to_contain_text("12:31")
    row.get_by_role("button").first.click()
    expect(today.get_by_role("dialog").locator(".line.cited")).to_contain_text("储物柜今天起可以登记")


def test_open_questions_are_answered_in_an_announcement(today: "playwright.Page") -> None:
    line(today, "储物柜怎么租").get_by_role("button", name="写答疑公告").click()
    expect(today.get_by_role("heading", level=1, name="公告")).to_be_visible()
    expect(today.get_by_label("要发的事")).to_contain_text("储物柜怎么租")
    open_page(today, "今天")
    expect(line(today, "储物柜怎么租")).to_be_visible()
