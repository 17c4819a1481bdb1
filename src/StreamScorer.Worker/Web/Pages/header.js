import { byId, setText } from "./dom.js";
import { signIcon } from "./icons.js";
import { language, onLanguageChange, say, setLanguage, translatePage } from "./language.js";
import { enableShortcuts } from "./shortcuts.js";
import { storage } from "./storage.js";

const themes = ["auto", "light", "dark"];
const themeWords = { auto: "settings.themeAuto", light: "settings.themeLight", dark: "settings.themeDark" };

/** Wires what both pages have at the top. @param pageShortcuts More keys: [{key, say, run}]. */
export function setUpHeader(pageShortcuts) {
  const search = byId("search-id");
  const nextLanguage = () => setLanguage(language() === "en" ? "zh" : "en");
  byId("language").addEventListener("click", nextLanguage);
  byId("theme").addEventListener("click", nextTheme);
  enableShortcuts([
    { key: "/", say: "shortcuts.search", run: () => search.select() || search.focus() },
    ...pageShortcuts,
    { key: "b", say: "shortcuts.board", run: () => location.assign("/") },
    { key: "a", say: "shortcuts.agent", run: () => location.assign("/agent") },
    { key: "l", say: "shortcuts.language", run: nextLanguage },
    { key: "t", say: "shortcuts.theme", run: nextTheme },
  ]);
  search.addEventListener("keydown", event => {
    if (event.key === "Escape")
      search.blur();
  });
  onLanguageChange(drawSwitches);
  translatePage();
  drawSwitches();
}

/** Shows how the stream is: a word and a dot that is full, hollow or struck through. */
export function showConnection(state) {
  const connection = byId("connection");
  connection.dataset.state = state;
  setText(byId("connection-text"), say(`connection.${state}`));
}

function nextTheme() {
  const theme = themes[(themes.indexOf(document.documentElement.dataset.theme ?? "auto") + 1) % themes.length];
  storage.set("theme", theme);
  if (theme === "auto")
    delete document.documentElement.dataset.theme;
  else
    document.documentElement.dataset.theme = theme;
  drawSwitches();
}

function drawSwitches() {
  const theme = document.documentElement.dataset.theme ?? "auto";
  const button = byId("theme");
  button.replaceChildren(signIcon(theme));
  button.setAttribute("aria-label", say(themeWords[theme]));
  button.title = say(themeWords[theme]);
  const other = byId("language");
  setText(other, language() === "en" ? "中文" : "EN");
  other.lang = language() === "en" ? "zh-Hans" : "en";
  // The name begins with what is seen, so that speech control finds the button.
  other.setAttribute("aria-label", language() === "en" ? "中文: switch to Chinese" : "EN:切换到英文");
  showConnection(byId("connection").dataset.state);
}
