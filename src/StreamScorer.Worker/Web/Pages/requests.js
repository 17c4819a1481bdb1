const patienceMs = 5_000;

/** GET of a JSON document: {status, body}. Status 0 and no body when nobody answers in time. */
export async function getJson(path) {
  try {
    const answer = await fetch(path, { headers: { accept: "application/json" }, signal: AbortSignal.timeout(patienceMs) });
    return { status: answer.status, body: answer.ok ? await answer.json() : null };
  } catch {
    return { status: 0, body: null };
  }
}

/** The address of a customer's document. */
export const customerPath = (customerId, part = "") => `/v1/customers/${encodeURIComponent(customerId)}${part}`;

/** The agent screen of a customer. */
export const agentPath = customerId => `/agent?customer=${encodeURIComponent(customerId)}`;
