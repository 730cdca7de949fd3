/** All values of a name: another page of the same site may have set one beside ours, and which comes first is its choice. */
export function cookieValues(header: string, name: string): string[] {
  return header.split(";").flatMap((pair) => {
    const at = pair.indexOf("=");
    return at > 0 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : [];
  });
}
