// Preloaded into a guard: its clock runs as many milliseconds off as a file says.
const { readFileSync } = require("node:fs");

const RealDate = Date;
let offset = 0;
const read = () => {
  offset = Number(readFileSync(process.env.LINKERD_CERTS_TEST_CLOCK, "utf8"));
};
read();
setInterval(read, 50).unref();

globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offset);
    else super(...args);
  }
  static now() {
    return RealDate.now() + offset;
  }
};
