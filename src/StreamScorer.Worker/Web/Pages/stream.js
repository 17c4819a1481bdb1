const firstPauseMs = 400;
const longestPauseMs = 5_000;
// A stream that has not said yet how often it speaks.
const firstSilenceMaxMs = 10_000;
const heartbeatsMissedMax = 2;

/**
 * Follows server-sent events and heals: opens again with growing pauses, at once when the browser comes back online, and goes on behind the last event seen.
 * "live" means heard: a line that is open and says nothing, not even a heartbeat, is lost too.
 * A hidden page closes its stream, because a browser allows few connections to one host, and goes on when it is looked at again.
 */
export class Stream {
  #path;
  #handlers;
  #onState;
  #cursor = null;
  #source = null;
  #timer = 0;
  #silence = 0;
  #silenceMaxMs = firstSilenceMaxMs;
  #isLive = false;
  #pauseMs = firstPauseMs;
  #closed = false;

  /**
   * @param path Address with its query.
   * @param handlers Function by event name; gets the parsed data, and whether it is news: what is sent first to a client without a cursor happened before.
   * @param onState Gets "connecting", "live" or "lost".
   */
  constructor(path, handlers, onState) {
    this.#path = path;
    this.#handlers = { ...handlers, heartbeat: ({ withinSeconds }) => { this.#silenceMaxMs = heartbeatsMissedMax * 1_000 * withinSeconds; } };
    this.#onState = onState;
    addEventListener("online", this.#reopen);
    addEventListener("offline", this.#lose);
    document.addEventListener("visibilitychange", this.#followVisibility);
    onState("connecting");
    this.#open();
  }

  /** Ends it for good. */
  close() {
    this.#closed = true;
    removeEventListener("online", this.#reopen);
    removeEventListener("offline", this.#lose);
    document.removeEventListener("visibilitychange", this.#followVisibility);
    this.#drop();
  }

  /** Opens it anew: somebody has seen that the worker does not answer, which a dead line does not tell. */
  suspect() {
    if (!this.#closed && this.#source)
      this.#lose();
  }

  #open() {
    this.#drop();
    if (this.#closed || document.hidden)
      return;
    const source = new EventSource(this.#address());
    this.#source = source;
    this.#awaitWord();
    // The browser would try again by itself, but not after a refusal, and at a pace that cannot be hurried when the network returns.
    source.onerror = this.#lose;
    for (const [name, handle] of Object.entries(this.#handlers))
      source.addEventListener(name, message => {
        this.#cursor = message.lastEventId || this.#cursor;
        handle(JSON.parse(message.data), message.lastEventId !== "");
        this.#hear();
      });
  }

  #hear() {
    this.#awaitWord();
    if (this.#isLive)
      return;
    this.#isLive = true;
    this.#pauseMs = firstPauseMs;
    this.#onState("live");
  }

  #awaitWord() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(this.#lose, this.#silenceMaxMs);
  }

  #address() {
    return this.#cursor === null ? this.#path : `${this.#path}&after=${encodeURIComponent(this.#cursor)}`;
  }

  #lose = () => {
    this.#drop();
    this.#onState("lost");
    // Spread out, so that a restarted worker does not meet all screens in the same instant.
    this.#timer = setTimeout(() => this.#open(), this.#pauseMs * (0.75 + Math.random() / 2));
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
  };

  #reopen = () => {
    this.#pauseMs = firstPauseMs;
    this.#open();
  };

  #followVisibility = () => document.hidden ? this.#drop() : this.#reopen();

  #drop() {
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    this.#isLive = false;
    this.#source?.close();
    this.#source = null;
  }
}
