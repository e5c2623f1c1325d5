// Instants (milliseconds) in words, in somebody's zone: "Tue 24 Nov, 10:05", as the bot writes them.

const formats = new Map();

function parts(at, zone) {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, weekday: "short", day: "numeric", month: "short", year: "numeric",
      hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    });
    formats.set(zone, format);
  }
  const found = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
  found.month = found.month.slice(0, 3);
  return found;
}

export function words(at, zone, style = "datetime") {
  const p = parts(at, zone);
  if (style === "date") return `${p.weekday} ${p.day} ${p.month}`;
  if (style === "time") return `${p.hour}:${p.minute}`;
  return `${p.weekday} ${p.day} ${p.month}, ${p.hour}:${p.minute}`;
}

export function dayOf(at, zone) {
  const p = parts(at, zone);
  return `${p.year} ${p.month} ${p.day}`;
}

export function longDay(at, zone) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "long", day: "numeric", month: "long" }).format(at);
}

// The value of a datetime-local input.
export function wall(at, zone) {
  const p = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", {
      timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit",
      hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    }).formatToParts(at).map((part) => [part.type, part.value]),
  );
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}

export function city(zone) {
  return zone.split("/").at(-1).replaceAll("_", " ");
}
