// Sets the remembered theme before the first paint.
(() => {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "dark" || theme === "light") document.documentElement.className = theme;
  } catch {
    // Without storage the server's choice stands.
  }
})();
