// Everything that reaches the page goes through text nodes and attributes: nothing is ever parsed as markup, whatever a customer id contains.

const svgNamespace = "http://www.w3.org/2000/svg";

/** The element of an id. */
export const byId = id => document.getElementById(id);

/** A new HTML element. Attributes that are null, undefined or false are left out; true is an attribute without a value; children are nodes or texts. */
export function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** A new SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(svgNamespace, tag), attributes, children);
}

/** Replaces the text only when it differs, so that nothing is repainted or announced for nothing. */
export function setText(node, text) {
  if (node.textContent !== text)
    node.textContent = text;
}

/** Hides from eyes, not from screen readers. */
export function spoken(text) {
  return element("span", { class: "spoken" }, text);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true)
      node.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false)
      node.setAttribute(name, value);
  }
  node.append(...children.filter(child => child !== null && child !== undefined));
  return node;
}
