import { svg } from "./dom.js";

const radius = 80;
const arc = `M${100 - radius} 96a${radius} ${radius} 0 0 1 ${2 * radius} 0`;

/** A half-round gauge from 0 to 1: an arc that is filled so far, the figure in it, and its tier in a word below. */
export class Gauge {
  #fill = svg("path", { d: arc, class: "gauge-fill", pathLength: 100 });
  #figure = svg("text", { x: 100, y: 82, class: "gauge-figure" });
  #word = svg("text", { x: 100, y: 106, class: "gauge-word" });

  /** @param place Element that becomes the gauge; its accessible name is the caller's. */
  constructor(place) {
    place.append(svg("svg", { viewBox: "0 0 200 112", "aria-hidden": "true" }, svg("path", { d: arc, class: "gauge-track", pathLength: 100 }), this.#fill, this.#figure, this.#word));
  }

  /** Shows a share, 0..1, with its words. */
  draw(share, tier, figure, word) {
    this.#fill.setAttribute("stroke-dasharray", `${Math.max(0.01, share * 100).toFixed(2)} 200`);
    this.#fill.dataset.risk = tier;
    this.#figure.textContent = figure;
    this.#word.textContent = word;
  }
}
