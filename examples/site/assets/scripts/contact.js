// The letter to the studio goes without leaving the page.
if (find("#contact-form")) contact(find("#contact-form"));

function contact(form) {
  const received = find("#contact-received");
  const problem = find("#contact-problem");
  const button = find("button", form);
  const label = button.textContent;
  const fields = all("input:not([tabindex]), textarea", form);
  const shownFor = 5000;

  const tell = (field, sentence = "") => {
    find(`#${field.id}-wrong`).textContent = sentence;
    field.toggleAttribute("aria-invalid", Boolean(sentence));
    if (sentence) field.setAttribute("aria-invalid", "true");
  };
  const complain = (sentence = "") => {
    problem.textContent = sentence;
    problem.hidden = !sentence;
  };
  const again = () => {
    if (!form.hidden) return;
    const held = received.contains(document.activeElement);
    received.hidden = true;
    form.hidden = false;
    if (held) fields[0].focus({ preventScroll: true });
  };
  const thank = ({ title, text }) => {
    form.reset();
    find("h3", received).textContent = title;
    find("p", received).textContent = text;
    form.hidden = true;
    received.hidden = false;
    received.focus({ preventScroll: true });
    setTimeout(again, shownFor);
  };
  const send = async () => {
    const headers = { Accept: "application/json" };
    const answer = await fetch("/contact", { method: "POST", headers, body: new URLSearchParams(new FormData(form)) });
    const told = await answer.json();
    if (answer.ok) return thank(told);
    for (const field of fields) tell(field, told.wrong[field.name]);
    complain(told.problem);
    find("[aria-invalid=true]", form)?.focus();
  };

  form.noValidate = true; // our own words, in the language of the page
  for (const field of fields) field.addEventListener("input", () => tell(field));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    button.textContent = button.dataset.sending;
    complain();
    try {
      await send();
    } catch {
      form.submit(); // whatever was in the way: the page that answers says so
    }
    button.disabled = false;
    button.textContent = label;
  });
  find("a", received).addEventListener("click", (event) => {
    event.preventDefault();
    again();
  });
  for (const link of all("[data-about]")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      again();
      const message = form.elements.message;
      message.value = `${link.dataset.about}\n\n`;
      tell(message);
      const first = fields.find((field) => !field.value) ?? message;
      find("#contact").scrollIntoView();
      first.focus({ preventScroll: true });
    });
  }
}
