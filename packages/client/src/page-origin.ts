export function pageOrigin(): string {
  const location: unknown = Reflect.get(globalThis, "location");
  if (typeof location === "object" && location !== null && "origin" in location)
    return String(location.origin);
  throw new TypeError("outside a page, the client needs a baseUrl");
}
