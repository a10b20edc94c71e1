/** Where the page's link is kept. */
export interface AddressBar {
  /** What follows the address, with its `#`, or nothing. */
  read(): string;
  /** As a new entry of the history. */
  push(hash: string): void;
  /** In the place of the current entry. */
  replace(hash: string): void;
}

/** The browser's own; a frame that has no address to write remembers the link itself. */
class BrowserBar implements AddressBar {
  #kept: string | null = null;

  read(): string {
    return this.#kept ?? location.hash;
  }

  push(hash: string): void {
    this.#write(hash, () => history.pushState(null, "", hash));
  }

  replace(hash: string): void {
    this.#write(hash, () => history.replaceState(null, "", hash));
  }

  #write(hash: string, write: () => void): void {
    try {
      write();
      this.#kept = null;
    } catch {
      this.#kept = hash;
    }
  }
}

export const browserBar: AddressBar = new BrowserBar();
