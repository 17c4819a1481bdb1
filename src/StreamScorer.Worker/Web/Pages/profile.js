const money = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

const dialog = document.getElementById("profile");
const title = document.getElementById("profile-title");
const body = document.getElementById("profile-body");

function text(tag, content, className = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = content;
  return element;
}

function badge(scheme, held) {
  const element = text("div", "", "badge");
  element.append(text("small", scheme), text("b", held.tier), text("small", held.since ? `since ${held.since}` : ""));
  return element;
}

function rows(pairs) {
  const table = document.createElement("dl");
  for (const [name, value] of pairs)
    table.append(text("dt", name), text("dd", value));
  return table;
}

function render(profile) {
  const { signals, history, tiers, nextChange } = profile;
  const badges = text("div", "", "badges");
  badges.append(...Object.entries(tiers).map(([scheme, held]) => badge(scheme, held)));
  const figures = rows([
    ["Customer value", money.format(signals.customerValue)],
    ["of it expected future", money.format(signals.residualValue)],
    ["Probability that the customer still buys", percent.format(signals.aliveProbability)],
    ["Churn risk", percent.format(signals.churnRisk)],
    ["Purchases", `${history.purchases} on ${history.purchaseDays} days`],
    ["Net revenue", money.format(history.netRevenue)],
    ["Last purchase", history.lastPurchase?.slice(0, 16).replace("T", " ") ?? "–"],
  ]);
  const next = nextChange
    ? `If nothing happens: ${nextChange.scheme} ${nextChange.from} → ${nextChange.to} on ${nextChange.at.slice(0, 10)}`
    : "Nothing will change by silence alone.";
  body.replaceChildren(badges, figures, text("p", next, "next"), text("p", `as of ${profile.asOf.slice(0, 19).replace("T", " ")} UTC`, "caption"));
}

/** Opens the dialog with what is known of a customer. */
export async function showProfile(customerId) {
  title.textContent = customerId;
  body.replaceChildren(text("p", "Loading", "empty"));
  if (!dialog.open)
    dialog.showModal();
  const answer = await fetch(`/v1/customers/${encodeURIComponent(customerId)}`).catch(() => null);
  if (answer?.ok)
    render(await answer.json());
  else
    body.replaceChildren(text("p", answer?.status === 404 ? "No such customer." : "The worker does not answer.", "empty"));
}
