const day = 86_400_000;

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const clockWithSeconds = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** A past moment as a list shows it, in the reader's time zone: `14:02` today, `Fri` this week, `3 Sep` before. */
export function shortWhen(iso: string, now: Date): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return "";
  const days = daysBefore(time, now);
  if (days <= 0) return clock.format(time);
  return days < 7 ? weekday.format(time) : date.format(time);
}

/** `14:02:31` */
export function clockTime(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? "" : clockWithSeconds.format(time);
}

export function isToday(iso: string, now: Date): boolean {
  return daysBefore(new Date(iso), now) <= 0;
}

/** Midnights between the two. */
function daysBefore(time: Date, now: Date): number {
  const midnight = (moment: Date): number =>
    new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
  return Math.round((midnight(now) - midnight(time)) / day);
}
