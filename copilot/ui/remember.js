// Keeps what is typed in this tab of the browser, so that loading the page afresh does not lose it. It goes nowhere else.
// The server tells what it knows; what is typed and not handed over yet is taken from the fields themselves.

const TEXT = 'textarea, [data-testid="stTextInputField"]';
const refilled = new WeakSet(); // the places whose held field got its words back

const holder = (name) => `st-key-${name.replace(/[^a-zA-Z0-9_-]/g, "-")}`;
const kept = (name) => JSON.parse(sessionStorage.getItem(name) || "{}");

function save(name, values) {
  try {
    if (Object.keys(values).length) sessionStorage.setItem(name, JSON.stringify(values));
    else sessionStorage.removeItem(name);
  } catch {
    sessionStorage.removeItem(name); // more than a browser keeps: better nothing than something old
  }
}

// Words that only the browser knows are put back into their field, once it is there.
function refill(words, held, left) {
  const area = document.querySelector(`.${holder(held)} textarea`);
  if (!area && left) setTimeout(refill, 100, words, held, left - 1);
  if (!area || area.value) return;
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, words);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

export default function ({ data, parentElement, setTriggerValue }) {
  const { name, held, fields } = data;
  const before = kept(name);
  if (held && before[held] && !refilled.has(parentElement)) refill(before[held], held, 30);
  refilled.add(parentElement);
  if (data.fresh && Object.keys(before).some((one) => one !== held)) {
    setTriggerValue("restored", before);
    return undefined;
  }
  const names = held ? [...fields, held] : fields;
  const typedBefore = names.filter((one) => one in before).map((one) => [one, before[one]]);
  save(name, { ...Object.fromEntries(typedBefore), ...data.values });

  // At rest the fields show what is true.
  const look = () => {
    if (!parentElement.isConnected) return;
    const values = { ...data.values };
    for (const one of names) {
      const field = document.querySelector(`.${holder(one)} :is(${TEXT})`);
      if (field?.value) values[one] = field.value;
      else if (field) delete values[one];
    }
    save(name, values);
  };
  let waiting;
  const app = document.querySelector('[data-testid="stApp"]');
  const rest = () => {
    clearTimeout(waiting);
    if (app.dataset.testScriptState === "notRunning") waiting = setTimeout(look, 200);
  };
  const watch = new MutationObserver(rest);
  watch.observe(app, { attributeFilter: ["data-test-script-state"] });
  rest();

  const typed = ({ target }) => {
    const one = target.matches?.(TEXT) && names.find((each) => target.closest(`.${holder(each)}`));
    if (one) save(name, { ...kept(name), [one]: target.value });
  };
  document.addEventListener("input", typed);
  return () => {
    clearTimeout(waiting);
    watch.disconnect();
    document.removeEventListener("input", typed);
  };
}
