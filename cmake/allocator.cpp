// Part of each program that is linked with jemalloc, which reads this (docs/adr/0024): two arenas, because a service has few threads at
// work at a time, and each keeps memory of its own; what has been free for a second is given back while others allocate.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0";
}
