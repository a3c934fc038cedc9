/** Whether a text can be sent as a bearer token: one word of visible ASCII. */
export function isBearerToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}
