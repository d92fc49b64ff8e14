using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ResNetEdge.Engines.OnnxRuntime;
using ResNetEdge.Model;

namespace ResNetEdge.Tests.Fakes;

/// <summary>
/// ONNX Runtime through its own managed interface, on the same library as <see cref="OnnxRuntimeEngine"/>: what that engine is held to.
/// </summary>
internal sealed class ManagedOnnxRuntime : IDisposable
{
    private static readonly Lazy<bool> OnOurLibrary = new(UseOurLibrary);

    private readonly InferenceSession _session;

    /// <summary>Loads a model.</summary>
    /// <param name="model">The ONNX file.</param>
    /// <param name="isOptimized">With the options that <see cref="OnnxRuntimeEngine"/> sets; else every node is computed as it is written.</param>
    /// <exception cref="OnnxRuntimeException">The library refuses it.</exception>
    public ManagedOnnxRuntime(byte[] model, bool isOptimized = true)
    {
        Assert.True(OnOurLibrary.Value);
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions
        {
            GraphOptimizationLevel = isOptimized ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        _session = new InferenceSession(model, options);
    }

    /// <summary>As the model declares them, a free dimension as 1.</summary>
    public IReadOnlyList<TensorInfo> Inputs => [.. _session.InputNames.Select(name => Info(name, _session.InputMetadata[name]))];

    /// <summary>As the model declares them, a free dimension as 1.</summary>
    public IReadOnlyList<TensorInfo> Outputs => [.. _session.OutputNames.Select(name => Info(name, _session.OutputMetadata[name]))];

    /// <summary>Runs the model on the bytes of its inputs, and gives the bytes of its outputs.</summary>
    public IReadOnlyList<byte[]> Run(IReadOnlyList<byte[]> inputs)
    {
        var values = new List<OrtValue>();
        try
        {
            foreach (var (info, bytes) in Inputs.Zip(inputs))
            {
                var type = _session.InputMetadata[info.Name].ElementDataType;
                long[] shape = [.. info.Shape.Dimensions.ToArray().Select(d => (long)d)];
                var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, shape);
                values.Add(value);
                bytes.CopyTo(value.GetTensorMutableRawData());
            }

            using var options = new RunOptions();
            using var outputs = _session.Run(options, _session.InputNames, values, _session.OutputNames);
            return [.. outputs.Select(output => output.GetTensorMutableRawData().ToArray())];
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    public void Dispose() => _session.Dispose();

    private static TensorInfo Info(string name, NodeMetadata metadata) =>
        new(name, (ElementType)metadata.ElementDataType, new Shape([.. metadata.Dimensions.Select(d => d < 0 ? 1 : d)]));

    private static bool UseOurLibrary()
    {
        OrtEnv.DisableDllImportResolver = true; // its own would look for a file that is not in the tests' folder
        NativeLibrary.SetDllImportResolver(typeof(InferenceSession).Assembly, (_, _, _) => NativeLibrary.Load(OnnxRuntimeLibrary.Load().Path));
        return true;
    }
}
