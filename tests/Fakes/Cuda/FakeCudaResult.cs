namespace ResNetEdge.Tests.Fakes.Cuda;

/// <summary>CUresult, as far as the fake returns it.</summary>
internal enum FakeCudaResult
{
    Success = 0,
    InvalidValue = 1,
    OutOfMemory = 2,
    NotInitialized = 3,
    NoDevice = 100,
    InvalidDevice = 101,
    InvalidContext = 201,
    NoBinaryForGpu = 209,
    InvalidPtx = 218,
    InvalidHandle = 400,
    NotFound = 500,
    IllegalAddress = 700,
    StreamCaptureUnsupported = 900,
    Unknown = 999,
}
