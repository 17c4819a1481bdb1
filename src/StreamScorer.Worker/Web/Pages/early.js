// Runs before the first paint, so that a remembered theme or language never flashes. Not a module: modules run after parsing.
(() => {
  const stored = name => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null; // Storage is forbidden: the system's theme and the browser's language it is.
    }
  };
  const theme = stored("theme");
  if (theme === "light" || theme === "dark")
    document.documentElement.dataset.theme = theme;
  const language = stored("language") ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
})();
