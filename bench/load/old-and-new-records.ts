import { createPushgateway } from '../../lib/pushgateway/pushgateway.ts';

const nowSeconds = Math.floor(Date.now() / 1000);

/** Fills a Pushgateway with so many records, the same at each call: the restart of every second one was ten days ago. */
export async function fillWithRecords(url: string, count: number): Promise<void> {
  const gateway = createPushgateway({ url: new URL(url), timeoutMilliseconds: 120_000, connections: 16 });
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await gateway.push(groupKey(index), families);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  await gateway.close();
}

function groupKey(index: number): readonly (readonly [string, string])[] {
  const end = nowSeconds - (index % 2 === 0 ? 10 : 10 * 86_400);
  return [
    ['job', 'pod_monitor'],
    ['namespace', `team-${index % 30}`],
    ['pod', `checkout-7d4b9c6f5-${index}`],
    ['uid', `8717cf78-7525-485f-a643-${String(index).padStart(12, '0')}`],
    ['container', 'checkout'],
    ['restart_id', `1_${end}`],
  ];
}

const families = `\
# TYPE pod_monitor_container_restart_total counter
pod_monitor_container_restart_total{reason="Error"} 1
# TYPE pod_monitor_container_restart_events gauge
pod_monitor_container_restart_events{reason="Error",exit_code="1",restart_count="1"} 1795168781
# TYPE pod_monitor_container_restart_details gauge
pod_monitor_container_restart_details{restart_count="1",finished_time="2026-11-20T09:59:41Z",reason="Error",exit_code="1",duration="7s",container_type="container",container_id="containerd://20b7c7ecdac17d0b0880a52b040c7c5a7cff25e7818d889be45dc3215b7bf69b",node="worker-2",image="registry.example.com/shop/checkout:2.14.0",owner_kind="ReplicaSet",owner_name="checkout-7d4b9c6f5",workload="checkout",workload_type="deployment"} 1
`;
