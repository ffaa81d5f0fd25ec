import type { CallSpec, EcsSpec, ServiceSpec, TopologySpec } from './spec.ts';

function ecs(
  tasks: number,
  revision: number,
  port: number,
  logLines: number,
  size: string,
  env: Readonly<Record<string, string>> = {},
): EcsSpec {
  const [cpu = '512', memory = '1024'] = size.split('/');
  return { tasks, revision, cpu, memory, port, logLines, environment: { LOG_LEVEL: 'info', STAGE: 'prod', ...env } };
}

const SERVICES: readonly ServiceSpec[] = [
  {
    name: 'frontend',
    telemetry: 'load-balancer',
    ownLatencyMs: 38,
    noise: 0.04,
    errorRate: 0.0004,
    cpu: { idle: 6, load: 28 },
    memory: 41,
    ecs: ecs(4, 88, 3000, 1.6, '1024/2048'),
  },
  {
    name: 'api-gateway',
    telemetry: 'service',
    ownLatencyMs: 18,
    noise: 0.05,
    errorRate: 0.0006,
    cpu: { idle: 5, load: 34 },
    memory: 33,
    ecs: ecs(4, 131, 8080, 1.8, '1024/2048', { UPSTREAM_TIMEOUT_MS: '8000' }),
  },
  {
    name: 'checkout',
    telemetry: 'service',
    ownLatencyMs: 55,
    noise: 0.07,
    errorRate: 0.0015,
    cpu: { idle: 7, load: 22 },
    memory: 52,
    ecs: ecs(3, 64, 8081, 1.5, '512/1024', { PAYMENTS_RETRIES: '1' }),
  },
  {
    name: 'cart',
    telemetry: 'service',
    ownLatencyMs: 22,
    noise: 0.06,
    errorRate: 0.0008,
    cpu: { idle: 5, load: 25 },
    memory: 38,
    ecs: ecs(3, 52, 8082, 1.2, '512/1024'),
  },
  {
    name: 'catalog',
    telemetry: 'service',
    ownLatencyMs: 44,
    noise: 0.06,
    errorRate: 0.0007,
    cpu: { idle: 6, load: 30 },
    memory: 57,
    ecs: ecs(4, 97, 8083, 1.3, '1024/2048'),
  },
  {
    name: 'search',
    telemetry: 'service',
    ownLatencyMs: 118,
    noise: 0.22,
    errorRate: 0.003,
    cpu: { idle: 14, load: 33 },
    memory: 66,
    ecs: ecs(3, 45, 8084, 1.2, '2048/4096'),
  },
  {
    name: 'recommendations',
    telemetry: 'service',
    ownLatencyMs: 88,
    noise: 0.11,
    errorRate: 0.0012,
    cpu: { idle: 9, load: 31 },
    memory: 46,
    ecs: ecs(6, 42, 8085, 1.5, '1024/2048', { CACHE_EVICTION: 'lru', CACHE_MAX_ENTRIES: '20000' }),
  },
  {
    name: 'payments',
    telemetry: 'service',
    ownLatencyMs: 142,
    noise: 0.09,
    errorRate: 0.004,
    cpu: { idle: 6, load: 16 },
    memory: 49,
    ecs: ecs(3, 19, 8086, 1.6, '512/1024', { PROCESSOR_POOL_SIZE: '40', PROCESSOR_TIMEOUT_MS: '3000' }),
  },
  {
    name: 'orders',
    telemetry: 'service',
    ownLatencyMs: 47,
    noise: 0.06,
    errorRate: 0.001,
    cpu: { idle: 6, load: 18 },
    memory: 44,
    ecs: ecs(3, 73, 8087, 1.2, '512/1024'),
  },
  {
    name: 'inventory',
    telemetry: 'service',
    ownLatencyMs: 27,
    noise: 0.08,
    errorRate: 0.0009,
    cpu: { idle: 5, load: 21 },
    memory: 36,
    ecs: ecs(3, 38, 8088, 1.2, '512/1024'),
  },
  {
    name: 'orders-db',
    telemetry: 'rds',
    ownLatencyMs: 1.4,
    noise: 0.12,
    errorRate: 0,
    cpu: { idle: 8, load: 24 },
    memory: 60,
  },
  {
    name: 'cart-cache',
    telemetry: 'elasticache',
    ownLatencyMs: 0.7,
    noise: 0.05,
    errorRate: 0,
    cpu: { idle: 3, load: 12 },
    memory: 35,
  },
];

function call(
  from: string,
  to: string,
  ratio: number,
  weight: number,
  propagation: number,
  timeoutMs: number,
  retries = 0,
): CallSpec {
  return { from, to, ratio, weight, propagation, timeoutMs, retries };
}

const CALLS: readonly CallSpec[] = [
  call('frontend', 'api-gateway', 1.6, 0.9, 0.6, 10_000),
  call('api-gateway', 'catalog', 0.7, 0.35, 0.7, 2_000),
  call('api-gateway', 'search', 0.25, 0.12, 0.5, 2_000),
  call('api-gateway', 'cart', 0.3, 0.2, 0.8, 2_000),
  call('api-gateway', 'checkout', 0.08, 0.3, 1, 8_000),
  call('api-gateway', 'recommendations', 0.5, 0.45, 0.15, 1_500),
  call('checkout', 'cart', 1, 0.6, 1, 2_000),
  call('checkout', 'payments', 1, 1, 0.95, 5_000, 1),
  call('checkout', 'orders', 1, 0.9, 1, 3_000),
  call('checkout', 'inventory', 1.2, 0.5, 0.9, 2_000),
  call('catalog', 'inventory', 0.4, 0.3, 0.1, 1_000),
  call('recommendations', 'catalog', 0.8, 0.4, 0.3, 1_000),
  call('search', 'catalog', 0.5, 0.25, 0.2, 1_000),
  call('orders', 'orders-db', 3, 4, 1, 5_000),
  call('inventory', 'orders-db', 1, 2.5, 1, 5_000),
  call('cart', 'cart-cache', 2.5, 3, 1, 500),
];

/** A made-up web shop: ten services on ECS Fargate, one database and one cache. */
export const SHOP: TopologySpec = {
  system: 'shop',
  region: 'us-east-1',
  cluster: 'prod',
  entry: 'frontend',
  requestsPerMinute: 1_800,
  services: SERVICES,
  calls: CALLS,
};

/** The part of a topology made of these services and the calls between them. */
export function restrictTopology(topology: TopologySpec, names: readonly string[]): TopologySpec {
  const kept = new Set(names);
  if (!kept.has(topology.entry)) throw new RangeError(`the entry ${topology.entry} must be among the services`);
  return {
    ...topology,
    services: topology.services.filter((service) => kept.has(service.name)),
    calls: topology.calls.filter((edge) => kept.has(edge.from) && kept.has(edge.to)),
  };
}

/** Service names with every caller before its callees. Throws when the calls run in a circle. */
export function orderCallersFirst(topology: TopologySpec): readonly string[] {
  const waiting = new Map(topology.services.map((service) => [service.name, 0]));
  for (const edge of topology.calls) waiting.set(edge.to, (waiting.get(edge.to) ?? 0) + 1);
  const order: string[] = [];
  while (waiting.size > 0) {
    const free = [...waiting].find(([, callers]) => callers === 0)?.[0];
    if (free === undefined) throw new RangeError('the calls of the topology run in a circle');
    waiting.delete(free);
    order.push(free);
    for (const edge of topology.calls) {
      if (edge.from === free) waiting.set(edge.to, (waiting.get(edge.to) ?? 1) - 1);
    }
  }
  return order;
}
