import { subscribe } from 'node:diagnostics_channel';
import { ServerResponse } from 'node:http';
import { isObject } from '../../lib/narrow.ts';

/**
 * Loaded into a server before its program. Each answer says in a header what CPU time the main thread has used until then, in
 * milliseconds: when the one who asks gets to read the answer, it may have done other work.
 */
subscribe('http.server.response.created', (message) => {
  if (!isObject<{ response: unknown }>(message) || !(message.response instanceof ServerResponse)) return;
  const { user, system } = process.threadCpuUsage();
  message.response.setHeader('cpu-time', (user + system) / 1000);
});
