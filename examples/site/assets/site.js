// The site works without this file; with it, it works without waiting.

const root = document.documentElement;
const find = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

themeToggle(find("#theme"));
if (find(".user-menu")) userMenu(find(".user-menu"));
if (find("#sign-in")) signIn(find("#sign-in"));
inStep(new BroadcastChannel("visitor"));

// The theme changes at once and is remembered, here and for the server.
function themeToggle(button) {
  const show = (theme) => {
    root.className = theme;
    button.value = theme === "dark" ? "light" : "dark";
  };
  show(root.className);
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const theme = button.value;
    show(theme);
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // The cookie remembers it.
    }
  });
}

// The menu closes by Escape and by a click elsewhere; arrows move within it.
function userMenu(menu) {
  const opener = find("summary", menu);
  const items = all("[role=menuitem]", menu);
  const close = () => (menu.open = false);

  opener.setAttribute("aria-expanded", menu.open);
  menu.addEventListener("toggle", () => opener.setAttribute("aria-expanded", menu.open));
  document.addEventListener("click", (event) => menu.contains(event.target) || close());
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) close();
  });
  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const end = { Home: 0, End: -1 }[event.key];
    if (event.key === "Escape") {
      close();
      opener.focus();
    } else if (menu.open && end !== undefined) {
      event.preventDefault();
      items.at(end).focus();
    } else if (step) {
      event.preventDefault();
      menu.open = true;
      const at = items.indexOf(document.activeElement);
      const next = at < 0 && step < 0 ? items.length - 1 : at + step;
      items[(next + items.length) % items.length].focus();
    }
  });
}

// The dialog opens in place. A page that came without a token fetches it when it is needed. The way to the provider
// is asked for and then gone, because browsers hold the redirects after a form to the page's policy, every one.
function signIn(dialog) {
  const opener = find("#open-sign-in");
  const forms = all("form[method=post]", dialog);
  const buttons = all("[data-provider]", dialog);
  let token = find("[name=csrfToken]", dialog).value || null;

  const fetchToken = async () => {
    const answer = await fetch("/api/auth/csrf", { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`no token: ${answer.status}`);
    return (await answer.json()).csrfToken;
  };
  const begin = async (form) => {
    const headers = { "X-Auth-Return-Redirect": "1" };
    const answer = await fetch(form.action, { method: "POST", headers, body: new URLSearchParams(new FormData(form)) });
    return (await answer.json()).url;
  };
  const waiting = find("#waiting", dialog);
  const idle = () => {
    waiting.textContent = "";
    for (const button of buttons) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  };
  const busy = (chosen) => {
    for (const button of buttons) button.disabled = true;
    chosen.setAttribute("aria-busy", "true");
    waiting.textContent = waiting.dataset.text;
  };
  const show = () => {
    idle();
    dialog.showModal();
    token ??= fetchToken();
  };

  opener?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    find(".problem", dialog)?.remove();
    show();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => {
    const { activeElement } = document;
    if (activeElement === document.body || dialog.contains(activeElement)) opener?.focus();
    const here = new URL(location.href);
    for (const told of ["error", "code", "ref", "callbackUrl"]) here.searchParams.delete(told);
    history.replaceState(null, "", here);
  });
  for (const form of forms) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      busy(find("button", form));
      try {
        form.elements.csrfToken.value = await token;
        location.assign(await begin(form));
      } catch {
        location.assign("/?error=Unavailable");
      }
    });
  }
  addEventListener("pageshow", idle);

  if (dialog.open) {
    dialog.removeAttribute("open");
    show();
  }
}

// Who signs out in one tab leaves nothing to be read in another. A page that shows nobody says so; those that show
// somebody ask whether that is still true.
function inStep(tabs) {
  if (!find("#user-menu")) return tabs.postMessage("nobody");
  tabs.addEventListener("message", async () => {
    const answer = await fetch("/api/auth/session");
    if (answer.ok && !(await answer.json())) location.reload();
  });
}
