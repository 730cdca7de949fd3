/** Counts what the server does, for `GET /metrics`: the text format of Prometheus, which a page of code writes. */
import { monitorEventLoopDelay } from "node:perf_hooks";

/** Upper bounds of the histogram of durations, in seconds. */
const bounds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] as const;

/** What is true now, as a number, with its name and meaning. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly value: () => number;
}

export interface CountedRequest {
  readonly method: string;
  /** as in the OpenAPI document, so that ids make no series of their own */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

interface Series {
  count: number;
  sum: number;
  readonly buckets: number[];
}

export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #durations = new Map<string, Series>();
  readonly #loopDelay = monitorEventLoopDelay({ resolution: 20 });
  readonly #gauges: readonly Gauge[];

  constructor(gauges: readonly Gauge[]) {
    this.#loopDelay.enable();
    this.#gauges = [...gauges, ...processGauges(() => this.#loopDelay.percentile(99) / 1e9)];
  }

  count({ method, route, status, seconds }: CountedRequest): void {
    const labels = `method="${method}",route="${route}"`;
    const counted = `${labels},status="${status}"`;
    this.#requests.set(counted, (this.#requests.get(counted) ?? 0) + 1);
    const series = this.#durations.get(labels) ?? { count: 0, sum: 0, buckets: bounds.map(() => 0) };
    this.#durations.set(labels, series);
    series.count += 1;
    series.sum += seconds;
    for (const [index, bound] of bounds.entries()) {
      if (seconds <= bound) series.buckets[index] = (series.buckets[index] ?? 0) + 1;
    }
  }

  text(): string {
    const lines = this.#gauges.flatMap(({ name, help, value }) => [
      ...head(name, help, "gauge"),
      `${name} ${value()}`,
    ]);
    lines.push(...head("openhands_http_requests_total", "Requests that were answered.", "counter"));
    for (const [labels, count] of this.#requests)
      lines.push(`openhands_http_requests_total{${labels}} ${count}`);
    const name = "openhands_http_request_seconds";
    lines.push(
      ...head(
        name,
        "From a request's arrival to the start of its answer; to the end of it for what is passed on to a preview.",
        "histogram",
      ),
    );
    for (const [labels, series] of this.#durations) lines.push(...histogram(name, labels, series));
    return `${lines.join("\n")}\n`;
  }
}

function histogram(name: string, labels: string, { count, sum, buckets }: Series): string[] {
  return [
    ...bounds.map((bound, index) => `${name}_bucket{${labels},le="${bound}"} ${buckets[index] ?? 0}`),
    `${name}_bucket{${labels},le="+Inf"} ${count}`,
    `${name}_sum{${labels}} ${sum}`,
    `${name}_count{${labels}} ${count}`,
  ];
}

const head = (name: string, help: string, type: string): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

function processGauges(loopDelaySeconds: () => number): readonly Gauge[] {
  return [
    {
      name: "process_resident_memory_bytes",
      help: "Memory of this process.",
      value: () => process.memoryUsage.rss(),
    },
    {
      name: "nodejs_heap_used_bytes",
      help: "Memory that objects of this process take.",
      value: () => process.memoryUsage().heapUsed,
    },
    {
      name: "process_uptime_seconds",
      help: "Since the start of this process.",
      value: () => process.uptime(),
    },
    {
      name: "nodejs_eventloop_delay_p99_seconds",
      help: "How late timers are, at the 99th percentile since the start.",
      value: loopDelaySeconds,
    },
  ];
}
