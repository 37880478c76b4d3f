// What the page does beyond plain HTML: GOV.UK components, live updates, dropping files.
// Everything here is an addition: without it each page works with links and forms alone.

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}

import("/static/vendor/govuk-frontend.min.js")
  .then(({ initAll }) => initAll())
  .catch(() => document.body.classList.remove("govuk-frontend-supported"));

// Whether somebody has ticked or typed something in a part of the page, which must not be lost.
function isTouched(part) {
  return !!part.querySelector("input:checked") || [...part.querySelectorAll("input, textarea")].some(isChanged);
}

function isChanged(field) {
  if (field.type === "hidden") return false;
  return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
}

// Live: the part of the page marked data-live is fetched again when the register has changed.
function live() {
  const part = document.querySelector("[data-live]");
  if (!part || !window.EventSource) return;
  const told = document.querySelector("[data-live-status]");
  const source = new EventSource("/events");
  let seen = null;
  let fetching = false;
  source.addEventListener("pulse", async (event) => {
    if (seen === null || seen === event.data) {
      seen = event.data;
      if (told && !told.textContent) told.textContent = "Updates itself.";
      return;
    }
    if (fetching || part.contains(document.activeElement) || isTouched(part)) return;
    fetching = true;
    try {
      const answer = await fetch(location.href, { headers: { "X-Live": "1" } });
      if (answer.ok && !answer.redirected) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector("[data-live]");
        if (fresh) part.replaceChildren(...fresh.childNodes);
        seen = event.data;
        if (told) {
          const now = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
          told.textContent = `Updated at ${now}.`;
        }
      }
    } finally {
      fetching = false;
    }
  });
  source.addEventListener("error", () => {
    const isOver = source.readyState === EventSource.CLOSED;
    if (isOver && told) told.textContent = "Does not update any more. Reload the page to see what is new.";
  });
  window.addEventListener("pagehide", () => source.close());
}

// Again: a part marked data-again is fetched again every so many seconds, until it has that mark no more.
function again() {
  const part = document.querySelector("[data-again]");
  if (!part) return;
  const told = document.querySelector("[data-live-status]");
  if (told) told.textContent = "Updates itself.";
  const timer = setInterval(async () => {
    if (part.contains(document.activeElement)) return;
    const answer = await fetch(location.href, { headers: { "X-Live": "1" } }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("[data-again]")) {
      clearInterval(timer);
      location.reload();
      return;
    }
    part.replaceChildren(...page.querySelector("[data-again]").childNodes);
  }, 1000 * Number(part.dataset.again));
}

// Dropping files: they go one by one to where the form would send them, with progress.
function dropping() {
  const form = document.querySelector("form[data-drop]");
  if (!form) return;
  const zone = form.querySelector("[data-drop-zone]");
  const input = form.elements.files;
  const evidence = form.elements.evidence;
  const list = form.querySelector("[data-drop-list]");
  const hint = form.querySelector("[data-drop-hint]");
  const most = Number(form.dataset.most);
  if (hint) hint.hidden = false;

  function send(file) {
    const line = document.createElement("li");
    const name = document.createElement("span");
    const bar = document.createElement("progress");
    const state = document.createElement("span");
    name.textContent = file.name;
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", `Sending ${file.name}`);
    state.textContent = "sending";
    line.append(name, bar, state);
    list.append(line);
    if (file.size > most * 1000000) {
      bar.remove();
      state.textContent = `This file is larger than ${most} MB. Make its pictures smaller.`;
      line.className = "pc-drop__not";
      return Promise.resolve();
    }
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const body = new FormData();
      body.append("csrf_token", form.elements.csrf_token.value);
      body.append("files", file);
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (e) => {
        if (e.lengthComputable) bar.value = Math.round((100 * e.loaded) / e.total);
      });
      request.addEventListener("loadend", () => {
        bar.remove();
        let told = null;
        try {
          told = JSON.parse(request.responseText);
        } catch {
          told = null;
        }
        const isIn = request.status === 200 && told && told.files && told.files[0].is_in;
        const why = told && (told.files ? told.files[0].why : told.detail);
        state.textContent = isIn ? why || "in the inbox" : why || "could not be sent: try again";
        line.className = isIn ? "pc-drop__in" : "pc-drop__not";
        done();
      });
      request.send(body);
    });
  }

  async function sendAll(files) {
    for (const file of files) await send(file);
  }

  zone.addEventListener("dragover", (e) => {
    e.preventDefault();
    zone.classList.add("pc-drop--over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("pc-drop--over"));
  zone.addEventListener("drop", (e) => {
    if (e.target === evidence) return; // the browser puts the files there
    e.preventDefault();
    zone.classList.remove("pc-drop--over");
    if (evidence?.files.length) input.files = e.dataTransfer.files; // they go together, with the button
    else sendAll([...e.dataTransfer.files]);
  });
  form.addEventListener("submit", (e) => {
    if (!input.files.length || evidence?.files.length) return; // evidence goes in one request with its form
    e.preventDefault();
    if (form.dataset.sending) return; // pressed twice: each file goes once
    form.dataset.sending = "yes";
    const files = [...input.files];
    sendAll(files).then(() => {
      delete form.dataset.sending;
      form.reset();
    });
  });
}

// Copying: buttons that copy a field's text. Where the browser has no clipboard for this page, the text is
// selected, and the person copies it.
function copying() {
  const told = document.querySelector("[data-copied]");
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      const label = document.querySelector(`label[for="${field.id}"]`).textContent;
      field.select();
      let isCopied = false;
      try {
        await navigator.clipboard.writeText(field.value);
        isCopied = true;
      } catch {
        isCopied = document.execCommand("copy");
      }
      if (told) told.textContent = isCopied ? `Copied: ${label}.` : `${label} is selected. Press Ctrl+C.`;
    });
  }
}

// Leaving: the browser asks before a link leaves a form in which something is typed and not sent.
function leaving() {
  let isSent = false;
  document.addEventListener("submit", () => (isSent = true));
  const fields = "form[method=post] :is(input:not([type=search], [type=password], [type=file]), textarea)";
  window.addEventListener("beforeunload", (event) => {
    const isTyped = [...document.querySelectorAll(fields)].some(isChanged);
    if (isTyped && !isSent) event.preventDefault();
  });
}

live();
again();
leaving();
dropping();
copying();
