/**
 * What makes a line appear: every request, a request that went well, one that failed, one that was slow, a failed call to
 * a callee, a full heap, or the start of a task.
 */
export type LogDriver = 'request' | 'success' | 'failure' | 'slow' | 'upstream' | 'heap';

export interface LogTemplate {
  /** Names the template where a fault takes it away. */
  readonly tag?: string;
  readonly driver: LogDriver;
  /** Lines per request (or failure, …) relative to the service's usual line rate. */
  readonly weight: number;
  /** Words in braces are filled in by log-fill.ts. */
  readonly text: string;
}

function line(driver: LogDriver, weight: number, text: string, tag?: string): LogTemplate {
  return tag === undefined ? { driver, weight, text } : { driver, weight, text, tag };
}

const UPSTREAM = line('upstream', 1.4, 'WARN  upstream {callee} failed status={code} elapsed={upms}ms request={id}');

/** Plain application logs of each service. Names, addresses and cards are demo data of reserved ranges. */
export const LOG_TEMPLATES: Readonly<Record<string, readonly LogTemplate[]>> = {
  frontend: [
    line('success', 0.6, '{ip} - "GET /product/{sku} HTTP/1.1" 200 {bytes} {ms}ms'),
    line('success', 0.3, '{ip} - "GET /cart HTTP/1.1" 200 {bytes} {ms}ms session={id}'),
    line('success', 0.1, '{ip} - "POST /checkout HTTP/1.1" 303 {bytes} {ms}ms session={id}'),
    line('failure', 1, '{ip} - "POST /checkout HTTP/1.1" 502 {bytes} {ms}ms session={id}'),
    line('slow', 0.5, 'WARN  render of /product/{sku} took {ms}ms, budget 800ms'),
  ],
  'api-gateway': [
    line('success', 0.8, 'INFO  route={route} status=200 duration={ms}ms request={id}'),
    line('request', 0.15, 'INFO  token verified subject={user} request={id}'),
    line('request', 0.05, 'INFO  rate limit bucket refilled key={ip} tokens={n}'),
    UPSTREAM,
    line('slow', 0.4, 'WARN  slow route={route} duration={ms}ms request={id}'),
  ],
  checkout: [
    line('success', 0.5, 'INFO  order {order} placed for {email} total={amount} EUR in {ms}ms'),
    line('request', 0.35, 'INFO  checkout started session={id} user={user} items={n}'),
    line('success', 0.15, 'INFO  confirmation queued order={order} to={email}'),
    UPSTREAM,
    line('failure', 0.7, 'ERROR checkout aborted session={id} user={user} step=payment'),
  ],
  cart: [
    line('request', 0.55, 'INFO  cart {id} loaded items={n} user={user} in {ms}ms'),
    line('success', 0.35, 'INFO  cart {id} saved sku={sku} quantity={n}'),
    line('request', 0.1, 'DEBUG cache hit key=cart:{id}'),
    line('failure', 1, 'ERROR cart {id} could not be saved: cache timeout'),
  ],
  catalog: [
    line('success', 0.7, 'INFO  product {sku} served from=db in {ms}ms'),
    line('request', 0.2, 'INFO  price list page={n} currency=EUR request={id}'),
    line('request', 0.1, 'DEBUG stock joined sku={sku} warehouse=w{n}'),
    line('failure', 1, 'ERROR product {sku} not available: stock unknown'),
  ],
  search: [
    line('success', 0.7, 'INFO  query took={ms}ms hits={bytes} shards=5 request={id}'),
    line('request', 0.2, 'INFO  suggest prefix length={n} took={ms}ms'),
    line('request', 0.1, 'INFO  segment merge finished segments={n} in {ms}ms'),
    line('failure', 1.2, 'WARN  query rejected: queue full size={n} request={id}'),
    line('slow', 0.6, 'WARN  slow query took={ms}ms hits={bytes} request={id}'),
  ],
  recommendations: [
    line('success', 0.55, 'INFO  recommended {n} items for user={user} in {ms}ms model=v7'),
    line('request', 0.2, 'INFO  profile loaded user={user} events={bytes}'),
    line('request', 0.15, 'INFO  cache evicted entries={n} size={bytes}', 'recommendations.evicted'),
    line('request', 0.1, 'DEBUG candidate set sku={sku} scored in {ms}ms'),
    line('failure', 1.2, 'WARN  fallback to best sellers user={user}: deadline exceeded'),
  ],
  payments: [
    line('success', 0.45, 'INFO  charge authorised order={order} amount={amount} EUR card={card} in {ms}ms'),
    line('request', 0.3, 'INFO  charge requested order={order} payer={email} phone={phone}'),
    line('success', 0.15, 'INFO  receipt {id} stored order={order}'),
    line('success', 0.1, 'INFO  processor pool ok active={n} idle={n} max=40', 'payments.pool'),
    line('request', 0.03, 'WARN  charge declined order={order} reason=insufficient_funds'),
  ],
  orders: [
    line('success', 0.5, 'INFO  order {order} written rows={n} in {ms}ms'),
    line('request', 0.35, 'INFO  order {order} received from=checkout user={user}'),
    line('success', 0.15, 'INFO  event order.created published order={order} partition={n}'),
    line('failure', 1, 'ERROR order {order} rolled back: deadlock detected'),
  ],
  inventory: [
    line('success', 0.6, 'INFO  reserved sku={sku} quantity={n} warehouse=w{n} in {ms}ms'),
    line('request', 0.3, 'INFO  stock level sku={sku} available={bytes}'),
    line('request', 0.1, 'INFO  reservation {id} expires in {n}min'),
    line('failure', 1, 'WARN  reservation refused sku={sku} available=0'),
  ],
};

/** Lines a faulty revision writes that no earlier one did, and those it no longer writes. */
export interface FaultLog {
  readonly adds: readonly LogTemplate[];
  readonly removes: readonly string[];
}

/** What each fault family does to the logs of the service it is in. */
export const FAULT_LOGS: Readonly<Record<string, FaultLog>> = {
  'bad-deployment': {
    adds: [
      line(
        'failure',
        1.6,
        'ERROR PoolTimeoutError: no connection to processor within 3000ms waiting={n} max=4 request={id}',
      ),
      line('failure', 1.2, '    at ConnectionPool.acquire (/app/lib/processor/pool.js:118:13)'),
      line('failure', 0.8, '    at ChargeService.authorise (/app/lib/charges/authorise.js:64:28)'),
      line('slow', 0.5, 'WARN  waited {ms}ms for a processor connection order={order}'),
    ],
    removes: ['payments.pool'],
  },
  'memory-leak': {
    adds: [
      line('heap', 1, 'WARN  gc pause {gcms}ms heap={pct}% old_space={heap}MB'),
      line('heap', 0.5, 'WARN  event loop blocked for {gcms}ms'),
      line('request', 0.06, 'INFO  cache grew entries={heap}00 eviction=none'),
    ],
    removes: ['recommendations.evicted'],
  },
  'cpu-hog': { adds: [line('slow', 0.6, 'WARN  worker starved for {gcms}ms run_queue={n}')], removes: [] },
  'downstream-latency': { adds: [line('slow', 0.6, 'WARN  slow answer after {ms}ms request={id}')], removes: [] },
  healthy: { adds: [], removes: [] },
};
