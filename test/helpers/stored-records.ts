/**
 * Every sample that a gateway holds of the records, as lines of the text format in their order, without the
 * gateway's own metrics and the times of the pushes.
 */
export async function storedRecords(gatewayUrl: string): Promise<readonly string[]> {
  const answer = await fetch(`${gatewayUrl}/metrics`);
  const text = await answer.text();
  return text.split('\n').filter((line) => line.startsWith('pod_monitor_'));
}
