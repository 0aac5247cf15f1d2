// A fader of the console at the edge of the window: it follows the page, moves it, and shows how fast it goes. Decoration,
// which is why no key reaches it and nobody hears of it.
if (find(".hero")) mixer();

function mixer() {
  const wide = matchMedia("(min-width: 80rem) and (pointer: fine)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const stiffness = 100;
  const damping = 30;
  const loudest = 100;
  const perStep = 20; // px/s

  const desk = document.createElement("div");
  desk.className = "fader-strip";
  desk.setAttribute("aria-hidden", "true");
  desk.innerHTML =
    '<b>0dB</b><div class="rail"><i class="led"></i><i class="ticks"></i><i class="slot"></i><i class="cap"></i></div>' +
    "<b>-∞</b><small>Main Mix / Scroll</small>";
  document.body.append(desk);
  const cap = find(".cap", desk);
  const slot = find(".slot", desk);

  const room = () => document.documentElement.scrollHeight - innerHeight;
  const wanted = () => (room() > 0 ? Math.min(1, Math.max(0, scrollY / room())) : 0);
  let [at, speed, level, seen, before, running] = [wanted(), 0, 0, scrollY, 0, false];

  const paint = () => {
    desk.style.setProperty("--at", at.toFixed(4));
    desk.style.setProperty("--level", level.toFixed(3));
  };
  const step = (now) => {
    const seconds = Math.min(0.05, Math.max(0.004, (now - before) / 1000));
    const rate = Math.abs(scrollY - seen) / seconds;
    [before, seen] = [now, scrollY];
    if (still.matches) {
      [at, speed, level] = [wanted(), 0, 0];
    } else {
      speed += (stiffness * (wanted() - at) - damping * speed) * seconds;
      at += speed * seconds;
      level = Math.max(Math.min(loudest, rate / perStep) / loudest, level - seconds * 1.6, 0);
    }
    paint();
    running = Math.abs(wanted() - at) > 0.0005 || Math.abs(speed) > 0.001 || level > 0;
    if (running) requestAnimationFrame(step);
  };
  const wake = () => {
    if (running || !wide.matches) return;
    [running, before] = [true, performance.now()];
    requestAnimationFrame(step);
  };

  const follow = (event) => {
    const { top, height } = slot.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientY - top) / height));
    scrollTo({ top: share * room(), behavior: "instant" });
  };
  cap.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    cap.setPointerCapture(event.pointerId);
    cap.addEventListener("pointermove", follow);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    cap.addEventListener(end, () => cap.removeEventListener("pointermove", follow));
  }
  addEventListener("scroll", wake, { passive: true });
  addEventListener("resize", wake, { passive: true });
  paint();
}
