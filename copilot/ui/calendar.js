// The week as seven columns: a card is a slot. A click opens it; dragging it to another day or hour moves it.
// Hours that nothing stands in have no row. On a phone the days stand one under the other (theme.css).

function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  if (text) element.textContent = text;
  return element;
}

function card(slot, picked, pick) {
  const element = make("div", `slot kind-${slot.kind} ${slot.alert}`);
  element.tabIndex = 0;
  element.draggable = true;
  element.setAttribute("role", "button");
  element.setAttribute("aria-pressed", String(picked));
  element.dataset.slot = slot.id;
  element.append(make("span", "time", slot.time), make("span", "title", slot.title), make("span", "note", slot.note));
  element.onclick = () => pick(slot.id);
  element.onkeydown = (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      pick(slot.id);
    }
  };
  element.ondragstart = (event) => {
    event.dataTransfer.setData("text/plain", slot.id);
    event.dataTransfer.effectAllowed = "move";
  };
  return element;
}

function place(element, column, row) {
  element.style.gridColumn = column;
  element.style.gridRow = row;
  return element;
}

// `hour` is undefined over a day's name: then the slot keeps its time.
function takesDrops(element, day, hour, slots, move) {
  element.ondragover = (event) => {
    event.preventDefault();
    element.classList.add("over");
  };
  element.ondragleave = () => element.classList.remove("over");
  element.ondrop = (event) => {
    event.preventDefault();
    element.classList.remove("over");
    const slot = slots.find((one) => one.id === event.dataTransfer.getData("text/plain"));
    if (!slot) return;
    const time = hour === undefined ? slot.time : `${String(hour).padStart(2, "0")}:${slot.time.slice(3) || "00"}`;
    if (slot.day !== day || slot.time !== time) move({ slot: slot.id, day, time });
  };
}

export default function ({ data, parentElement, setTriggerValue }) {
  const week = parentElement.querySelector(".week");
  const hadFocus = week.contains(document.activeElement);
  const pick = (id) => setTriggerValue("picked", id);
  const move = (change) => setTriggerValue("moved", change);
  const cards = (found) => found.map((slot) => card(slot, slot.id === data.picked, pick));
  const pieces = data.hours.map((hour, row) => place(make("div", "hour", `${hour}:00`), 1, row + 2));
  data.days.forEach((day, column) => {
    const own = data.slots.filter((slot) => slot.day === day.iso);
    const head = place(make("div", own.length ? "day" : "day free"), column + 2, 1);
    head.append(make("b", "", day.name), make("span", "", day.date));
    if (day.note) head.append(make("p", "", day.note));
    takesDrops(head, day.iso, undefined, data.slots, move);
    pieces.push(head);
    data.hours.forEach((hour, row) => {
      const cell = place(make("div", "cell"), column + 2, row + 2);
      cell.dataset.place = `${day.iso} ${hour}`;
      cell.append(...cards(own.filter((slot) => Number(slot.time.slice(0, 2)) === hour)));
      takesDrops(cell, day.iso, hour, data.slots, move);
      pieces.push(cell);
    });
  });
  week.style.setProperty("--days", data.days.length);
  week.setAttribute("aria-label", data.label);
  week.replaceChildren(...pieces);
  const homeless = data.slots.filter((slot) => !slot.day || !slot.time);
  const tray = parentElement.querySelector(".tray");
  tray.replaceChildren(...(homeless.length ? [make("p", "quiet", data.unplaced), ...cards(homeless)] : []));
  if (hadFocus) week.querySelector('[aria-pressed="true"]')?.focus();
}
