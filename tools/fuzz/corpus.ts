// What well-behaved peers send, to be mutated.

export const EVENTS = [
  '{"type":"news_processed"}',
  '{"type":"a","data":{"title":"Hello \\u00e9 😀","n":[1.0,-0,1e3,12345678901234567890],"deep":{"a":{"b":[[]]}}},"id":"1","source":"newsroom"}',
  '[{"type":"a"},{"type":"chat_said","data":"x","timestamp":"2026-11-21T12:00:00.000Z"}]',
  '{"type":"a","data":null,"timestamp":"yesterday","extra":true}',
  ' \n{ "type" : "a" , "data" : [ ] }\r\n',
  '{"data":1,"data":{"\\u0064ata":2},"type":"a"}',
  '{"type":"chat_said","data":{"text":"Hello"},"source":"user:eve"}',
  '[{"type":"chat_said"},{"type":"chat_left","id":"1"}]',
  String.raw`{"type":"a","\u0064ata":[],"d\u0061ta":{"\u0041":"\u0042\/\\\\\\\"\\"}}`,
  '{"type":"reactor_x"}',
  '[{"type":"Order Completed"},{"type":"https://example.org/ns#Create"},{"type":"\\u65e5本 \\"a\\\\"}]',
  '[{"type":"echo"},{"type":"websocket_y"}]',
  "[]",
  "7",
  '"a"',
];

export const LINES = ['{"type":"a"}\n\n{"type":"b","data":1.0}\r\n', '{"type":"a"}', "\n\n"];

export const CLOUD_EVENTS = [
  '{"specversion":"1.0","type":"com.example.a","source":"/x","id":"1","time":"2026-11-21T12:00:00Z","data":{"a":1}}',
  '{"specversion":"1.0","type":"a","source":"/x","id":"1","datacontenttype":"text/plain","data_base64":"aGVsbG8="}',
  '[{"specversion":"1.0","type":"a","source":"/x","id":"1","data_base64":"AAEC"}]',
];

/** What clients send on a socket, in both dialects. */
export const MESSAGES = [
  '{"type":"subscribe","data":{"events":["news_*","a"]}}',
  '{"type":"subscribe","data":{"events":[]}}',
  '{"type":"subscribe","data":{"events":["Order *","日本","https://example.org/ns#*"]}}',
  "subscribe:Order Completed, überprüft",
  '{"type":"subscribe","data":"news_processed,digest_created"}',
  '{"type":"ack","data":{"cursor":"k3x9abcd.44"}}',
  '{"type":"ack","data":{"cursor":"0.0"}}',
  '{"type":"emit","ref":1,"data":{"type":"chat_said","data":{"text":"Hello"},"id":"1"}}',
  '{"type":"auth","data":{"token":"e30.e30.e30"}}',
  "subscribe:news_processed,digest_created",
  '{"type":"hello","ref":{"a":[1]}}',
  "ping ",
  "ping",
  "",
];

/** What a hub sends: a client must survive a hub that is not ours. */
export const FRAMES = [
  '{"type":"reactor_connected","data":{"message":"m","client_id":"c","timestamp":"t","channel":"main","cursor":"k3x9.41","recovered":null,"heartbeat_ms":25000,"retry":{"first_ms":500,"base_ms":500,"max_ms":20000},"ack":null}}',
  '{"type":"reactor_events","after":41,"cursor":"k3x9.44","events":[{"type":"a","data":{},"seq":42}],"more":true}',
  '{"type":"reactor_reset","data":{"reason":"trimmed","oldest":"k3x9.9","cursor":"k3x9.8"}}',
  '{"type":"reactor_subscribed","data":{"events":["news_*"],"message":"m","cursor":"k3x9.60"}}',
  '{"type":"reactor_error","data":{"code":"unknown_message","message":"m","ref":null}}',
];

export const ORIGINS = [
  "https://app.example.org",
  "https://a.b.example.org",
  "https://example.org",
  "https://evilexample.org",
  "http://a.example.org",
  "https://a.example.org:8443",
  "https://a.example.org.evil.test",
  "null",
];

export const PATTERNS = ["news_*", "*", "a*b*c", "**", "com.pulse.*", "abcabc", ""];
