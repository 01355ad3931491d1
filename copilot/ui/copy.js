// The copy button: copies in the browser, then tells the page.

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not a secure origin (a LAN address), or no permission: the old way, from within the click.
    const area = document.createElement("textarea");
    area.value = text;
    area.style.cssText = "position:fixed;top:0;opacity:0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("button");
  button.textContent = button.dataset.label = data.label; // the timer may run after the label has changed
  let back;
  button.onclick = async () => {
    const done = await copy(data.text);
    button.textContent = done ? data.done : data.failed;
    clearTimeout(back);
    back = setTimeout(() => (button.textContent = button.dataset.label), 2000);
    if (done) setTriggerValue("copied", data.text);
  };
  return () => clearTimeout(back);
}
