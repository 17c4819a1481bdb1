/** What this browser remembers, and what only this tab does. Without storage nothing is remembered, and everything else works. */
export const storage = guarded(() => localStorage);
export const tabStorage = guarded(() => sessionStorage);

function guarded(area) {
  return {
    get(name) {
      try {
        return area().getItem(name);
      } catch {
        return null;
      }
    },

    set(name, value) {
      try {
        area().setItem(name, value);
      } catch {
        // A full or forbidden storage costs the memory of a setting, not the screen.
      }
    },
  };
}
