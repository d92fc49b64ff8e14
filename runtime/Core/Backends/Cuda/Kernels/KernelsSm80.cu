// The kernels for tensor cores, which come beside those of Kernels.cu from sm_80 on.
#include "Common.cuh"
#include "ConvPatches.cuh"
#include "Matrix.cuh"
#include "ConvInt8Finish.cuh"
#include "ConvInt8Matrix.cuh"
#include "ConvFloatFinish.cuh"
#include "ConvFp16Matrix.cuh"
