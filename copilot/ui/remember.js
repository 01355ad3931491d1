// Keeps what is typed in this tab of the browser, so that loading the page afresh does not lose it. It goes nowhere else.

export default function ({ data, setTriggerValue }) {
  const kept = data.fresh && sessionStorage.getItem(data.name);
  if (kept) setTriggerValue("restored", JSON.parse(kept));
  else if (data.values) sessionStorage.setItem(data.name, JSON.stringify(data.values));
  else sessionStorage.removeItem(data.name);
}
