// The light that runs between a sentence of the draft and the facts behind it, the page's language, and the way to another
// page, which waits for what was typed.
// One listener on the document serves everything that carries data-facts or data-tip.

function ids(element) {
  return (element.dataset.facts || "").split(" ").filter(Boolean);
}

function light(target) {
  document.querySelectorAll(".lit").forEach((element) => element.classList.remove("lit"));
  const holder = target instanceof Element ? target.closest("[data-facts]") : null;
  const tip = target instanceof Element ? target.closest("[data-tip]") : null;
  const inBubble = Boolean(holder?.closest(".bubble"));
  if (holder) {
    const wanted = new Set(ids(holder));
    const others = document.querySelectorAll(inBubble ? ".facts [data-facts]" : ".bubble [data-facts]");
    for (const element of [holder, ...others]) {
      if (element === holder || ids(element).some((id) => wanted.has(id))) element.classList.add("lit");
    }
  }
  const telling = tip?.closest(".bubble") && tip.closest(".chat").querySelector(".strip");
  for (const strip of document.querySelectorAll(".strip")) {
    strip.textContent = strip === telling ? tip.dataset.tip : strip.dataset.rest;
    strip.classList.toggle("telling", strip === telling);
  }
}

// The number of a citation opens what it lights up.
function open(target) {
  const number = target instanceof Element ? target.closest("button.cite") : null;
  const source = number && document.querySelector(`.facts [data-facts="${number.dataset.facts}"] details`);
  if (!source) return;
  source.open = true;
  source.scrollIntoView({ block: "nearest" });
}

// A tap leaves a field and follows a link in one instant. What was typed is handed over a moment later, and would call the
// old page back: the link waits for it.
let left = -Infinity;
const leave = (event) => (left = event.timeStamp);
function follow(event) {
  const link = event.target instanceof Element && event.target.closest('[data-testid="stSidebar"] a');
  if (!link || !event.isTrusted || event.timeStamp - left > 50) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  setTimeout(() => link.click(), 80);
}

export default function ({ data }) {
  document.documentElement.lang = data.language;
  const point = (event) => light(event.target);
  const press = (event) => open(event.target);
  document.addEventListener("pointerover", point);
  document.addEventListener("focusin", point);
  document.addEventListener("click", press);
  document.addEventListener("focusout", leave);
  document.addEventListener("click", follow, true);
  return () => {
    document.removeEventListener("pointerover", point);
    document.removeEventListener("focusin", point);
    document.removeEventListener("click", press);
    document.removeEventListener("focusout", leave);
    document.removeEventListener("click", follow, true);
  };
}
