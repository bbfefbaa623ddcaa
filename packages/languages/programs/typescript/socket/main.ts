import { connect } from "node:net";
import process from "node:process";

const socket = connect({ host: "192.0.2.1", port: 80, timeout: 2000 });
const say = (word: string): void => {
  console.log(word);
  process.exit();
};
socket.on("connect", () => say("connected"));
socket.on("error", () => say("refused"));
socket.on("timeout", () => say("refused"));
