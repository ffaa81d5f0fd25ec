import type { BackgroundSpec, ScenarioSpec } from './spec.ts';
import { SHOP } from './topology.ts';

const at = (hour: number, minute = 0) => hour * 60 + minute;

/** What is loud on any day without being the cause of anything. */
const USUAL_NOISE: readonly BackgroundSpec[] = [
  { kind: 'daily', service: 'inventory', at: at(2), minutes: 38, cpu: 52, slowdown: 1.25 }, // stock synchronisation
  { kind: 'daily', service: 'orders-db', at: at(3, 30), minutes: 22, cpu: 24, slowdown: 2.1 }, // backup
  { kind: 'daily', service: 'catalog', at: at(5, 10), minutes: 12, cpu: 28, slowdown: 1.1 }, // price import
  { kind: 'schedule', service: 'api-gateway', up: at(6, 45), down: at(22, 15), add: 2 },
];

/** A rollout that shrinks the connection pool to the card processor: charges wait for it, then fail. */
const BAD_DEPLOYMENT: ScenarioSpec = {
  id: 'bad-deployment',
  title: 'A deployment of payments with a connection pool that is too small',
  seed: 20_260_115,
  topology: SHOP,
  fault: {
    family: 'bad-deployment',
    service: 'payments',
    deployedAt: -7,
    addedMs: 1_650,
    errorRate: 0.34,
    environment: { PROCESSOR_POOL_SIZE: '4' },
  },
  background: [
    ...USUAL_NOISE,
    { kind: 'bursts', service: 'search', perDay: 5, minutes: 14, cpu: 34, slowdown: 1.35, also: -16 },
    { kind: 'deployment', service: 'search', at: -2_935 },
    { kind: 'deployment', service: 'cart', at: -1_510 },
    { kind: 'deployment', service: 'catalog', at: -31 },
    { kind: 'gap', key: 'inventory.cpu', from: -3, minutes: 2 },
    { kind: 'gap', key: 'orders.latency', from: -1_905, minutes: 9 },
  ],
  incident: {
    title: 'Checkout is slow: p95 latency above 1 second',
    severity: 'critical',
    service: 'checkout',
    metric: 'checkout.latency',
    startedAt: '2026-01-15T10:03:00.000Z',
  },
  effects: { rollback: 'recover', restart: 'none' },
  previousDeregistered: false,
  taskRoles: true,
};

/** A cache without eviction: fine for hours, then full. The revision before it has been deregistered. */
const MEMORY_LEAK: ScenarioSpec = {
  id: 'memory-leak',
  title: 'A deployment of recommendations that leaks memory',
  seed: 20_260_120,
  topology: SHOP,
  fault: {
    family: 'memory-leak',
    service: 'recommendations',
    deployedAt: -302,
    hoursToFull: 5,
    slowdown: 11,
    environment: { CACHE_EVICTION: 'none', CACHE_MAX_ENTRIES: '0' },
  },
  background: [
    ...USUAL_NOISE,
    { kind: 'bursts', service: 'search', perDay: 5, minutes: 14, cpu: 34, slowdown: 1.35, also: -12 },
    { kind: 'deployment', service: 'orders', at: -2_710 },
    { kind: 'deployment', service: 'frontend', at: -1_340 },
    { kind: 'deployment', service: 'checkout', at: -47 },
    { kind: 'gap', key: 'cart.cpu', from: -5, minutes: 3 },
    { kind: 'gap', key: 'catalog.latency', from: -2_260, minutes: 8 },
  ],
  incident: {
    title: 'Product pages are slow: p95 response time of the shop above 0.45 seconds',
    severity: 'high',
    service: 'frontend',
    metric: 'frontend.latency',
    startedAt: '2026-01-20T13:41:00.000Z',
  },
  effects: { rollback: 'recover', restart: 'relapse' },
  previousDeregistered: true,
  taskRoles: false,
};

/** The scenarios in resources/scenarios. */
export const SHIPPED_SCENARIOS: readonly ScenarioSpec[] = [BAD_DEPLOYMENT, MEMORY_LEAK];
