/** The stock runtime of Knative's Node.js functions, with its defaults, around a function that does nothing. */
import runtime from 'faas-js-runtime';

await runtime.start({ handle: () => undefined }, { port: Number(process.env.PORT), config: 'bench/peers' });
