import { byId, setText, svg } from "./dom.js";
import { percent, say } from "./language.js";

const size = 100;
const markedTop = 0.2;

/** The Lorenz curve of customer value (Lorenz 1905): share of the value held by the least valuable customers. The further from the diagonal, the more unequal. */
export class Lorenz {
  #place;
  #area = svg("path", { class: "lorenz-area" });
  #curve = svg("path", { class: "lorenz-curve" });
  #mark = svg("path", { class: "lorenz-mark" });
  #dot = svg("circle", { class: "lorenz-dot", r: 1.8 });
  #gini = svg("text", { class: "lorenz-gini", x: 8, y: 22 });
  #giniWord = svg("text", { class: "lorenz-word", x: 8, y: 30 });
  #customers = svg("text", { class: "lorenz-axis", x: size, y: size + 7, "text-anchor": "end" });
  #equal = svg("text", { class: "lorenz-axis", transform: "translate(48 48) rotate(-45)", "text-anchor": "middle" });

  /** @param place Element that becomes the chart. */
  constructor(place) {
    this.#place = place;
    const grid = [25, 50, 75].map(at => svg("path", { class: "lorenz-grid", d: `M0 ${at}H${size}M${at} 0V${size}` }));
    place.append(svg("svg", { viewBox: `-1 -1 ${size + 2} ${size + 10}`, "aria-hidden": "true" },
      ...grid, svg("path", { class: "lorenz-frame", d: `M0 0V${size}H${size}` }), svg("path", { class: "lorenz-equal", d: `M0 ${size}L${size} 0` }),
      this.#area, this.#mark, this.#curve, this.#dot, this.#gini, this.#giniWord, this.#customers, this.#equal));
  }

  /** @param value The population's value distribution: lorenz (101 shares, the poorest 0 to 100 %), gini, paretoShare. */
  draw({ lorenz, gini, paretoShare }) {
    const points = lorenz.map((share, i) => `${i} ${(size * (1 - share)).toFixed(2)}`).join("L");
    this.#curve.setAttribute("d", `M${points}`);
    this.#area.setAttribute("d", `M${points}Z`);
    const below = Math.round(100 * (1 - markedTop));
    const y = size * (1 - lorenz[below]);
    this.#mark.setAttribute("d", `M${below} ${size}V${y}H${size}`);
    this.#dot.setAttribute("cx", below);
    this.#dot.setAttribute("cy", y);
    this.#gini.textContent = gini.toFixed(2);
    this.#giniWord.textContent = say("board.gini");
    this.#customers.textContent = say("board.axisCustomers");
    this.#equal.textContent = say("board.equal");
    const share = percent(1 - lorenz[below]);
    setText(byId("lorenz-text"), say("board.lorenzText", { top: percent(markedTop), share }));
    setText(byId("pareto"), paretoShare === null ? "" : say("board.pareto", { share: percent(paretoShare) }));
    this.#place.setAttribute("aria-label", say("board.lorenzLabel", { gini: gini.toFixed(2), share }));
    this.#place.removeAttribute("aria-labelledby");
  }
}
