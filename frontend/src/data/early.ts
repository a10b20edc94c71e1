/** Where answers stand that were asked for before the page's script was there: by their addresses. */
export interface Early {
  emblinkAnswers?: Map<string, Promise<Response>>;
}

/** The answer to a plain request that was asked for early; each is taken once. */
export function taken(url: string, init: RequestInit): Promise<Response> | undefined {
  // From the page's first request on, it is too late to ask early.
  const answers = ((globalThis as Early).emblinkAnswers ??= new Map<string, Promise<Response>>());
  if (init.method !== undefined || init.body || Object.keys(init.headers ?? {}).length > 0) return undefined;
  const answer = answers.get(url);
  answers.delete(url);
  return answer;
}
