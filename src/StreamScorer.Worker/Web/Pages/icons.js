import { svg } from "./dom.js";

// One silhouette per tier, so that the tier is told by shape as well as by colour and word: a cut stone, a star, a nut, a weight.
const shapes = {
  stone: [["path", { d: "M6.5 3h11L22 9 12 21.5 2 9Z" }], ["path", { d: "M2 9h20M6.5 3 9 9l3 12.5L15 9l2.5-6M9 9l3-6 3 6", class: "facet" }]],
  star: [["path", { d: "m12 2 3 6.6 7.2.8-5.4 4.8 1.6 7.1L12 17.6l-6.4 3.7 1.6-7.1L1.8 9.4 9 8.6Z" }]],
  nut: [["path", { d: "M7 3.2h10L22 12l-5 8.8H7L2 12Zm5 4.6a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4Z", "fill-rule": "evenodd" }]],
  weight: [["path", { d: "M12 1.8a3.6 3.6 0 0 1 2.6 6.1h3.2L21 22H3L6.2 7.9h3.2A3.6 3.6 0 0 1 12 1.8Zm0 2.2a1.4 1.4 0 1 0 0 2.8 1.4 1.4 0 0 0 0-2.8Z", "fill-rule": "evenodd" }]],
  ring: [["circle", { cx: 12, cy: 12, r: 8.5, class: "outline" }]],
};

const signs = {
  up: [["path", { d: "M12 3 22 15h-6v6H8v-6H2Z" }]],
  down: [["path", { d: "M12 21 2 9h6V3h8v6h6Z" }]],
  enter: [["path", { d: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm1.5 5v3.5H17v3h-3.5V17h-3v-3.5H7v-3h3.5V7Z", "fill-rule": "evenodd" }]],
  lateral: [["path", { d: "m8 4-7 8 7 8v-5h8v5l7-8-7-8v5H8Z" }]],
  leave: [["path", { d: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20ZM7 10.5h10v3H7Z", "fill-rule": "evenodd" }]],
  "drop-pending": [["path", { d: "M5 2h14v3c0 3-3.5 5-4.7 7 1.2 2 4.7 4 4.7 7v3H5v-3c0-3 3.5-5 4.7-7C8.5 10 5 8 5 5Zm3.4 16.5h7.2L12 15Z", "fill-rule": "evenodd" }]],
  "drop-averted": [["path", { d: "M12 1.5 21 5v6c0 5.5-3.7 9.6-9 11.5C6.7 20.6 3 16.5 3 11V5Zm-1.3 14.3 6.3-6.5-2.1-2-4.2 4.3-2-2-2 2.1Z", "fill-rule": "evenodd" }]],
  none: [["circle", { cx: 12, cy: 12, r: 3 }]],
  auto: [["path", { d: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20Zm0 2.4v15.2a7.6 7.6 0 0 1 0-15.2Z", "fill-rule": "evenodd" }]],
  light: [["circle", { cx: 12, cy: 12, r: 4.6 }], ["path", { d: "M12 1.5v3M12 19.5v3M1.5 12h3M19.5 12h3M4.6 4.6l2.1 2.1M17.3 17.3l2.1 2.1M4.6 19.4l2.1-2.1M17.3 6.7l2.1-2.1", class: "outline" }]],
  dark: [["path", { d: "M20.5 14.5A9 9 0 0 1 9.5 3.5a9 9 0 1 0 11 11Z" }]],
  calendar: [["path", { d: "M7 2h2v2.5h6V2h2v2.5h4V22H3V4.5h4Zm12 8H5v10h14Z", "fill-rule": "evenodd" }]],
};

/** A tier's silhouette. */
export const shapeIcon = shape => icon(shapes[shape] ?? shapes.ring);

/** A direction, theme or other small sign. */
export const signIcon = name => icon(signs[name] ?? signs.none);

// Decoration only: the words beside an icon say the same.
function icon(parts) {
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, ...parts.map(([tag, attributes]) => svg(tag, attributes)));
}
