// Every kernel of the engine cuda, one module for each kind of processor: build.sh.
#include "Common.cuh"
#include "ConvInt8.cuh"
#include "Elementwise.cuh"
#include "Movement.cuh"
#include "PoolInt8.cuh"
