using System.Globalization;

namespace ResNetEdge.Tests.Fakes.Cuda;

/// <summary>
/// What a <see cref="FakeCuda"/> is and does; as text <c>sm=72,seed=3,memory=1000000,nodevice,driver=10020,fail=cuMemAlloc_v2:2:999</c>.
/// </summary>
internal sealed record FakeCudaSettings
{
    /// <summary>Compute capability times ten.</summary>
    public int Processor { get; init; } = 87;

    /// <summary>Draws the order of blocks and warps.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Bytes of the device.</summary>
    public long MemoryBytes { get; init; } = 1 << 30;

    public bool HasDevice { get; init; } = true;

    /// <summary>12060 for CUDA 12.6.</summary>
    public int Driver { get; init; } = 12060;

    /// <summary>A call that is to fail; null for none.</summary>
    public string? FailingCall { get; init; }

    /// <summary>The how manieth of these calls, from 1.</summary>
    public int FailingNumber { get; init; } = 1;

    /// <summary>What it returns.</summary>
    public FakeCudaResult Failure { get; init; } = FakeCudaResult.Unknown;

    public static FakeCudaSettings Parse(string text)
    {
        var settings = new FakeCudaSettings();
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = part.Split('=', ':');
            long number = words.Length > 1 && long.TryParse(words[1], CultureInfo.InvariantCulture, out long n) ? n : 0;
            settings = words[0] switch
            {
                "sm" => settings with { Processor = (int)number },
                "seed" => settings with { Seed = (int)number },
                "memory" => settings with { MemoryBytes = number },
                "driver" => settings with { Driver = (int)number },
                "nodevice" => settings with { HasDevice = false },
                "fail" => settings with
                {
                    FailingCall = words[1],
                    FailingNumber = words.Length > 2 ? int.Parse(words[2], CultureInfo.InvariantCulture) : 1,
                    Failure = words.Length > 3 ? (FakeCudaResult)int.Parse(words[3], CultureInfo.InvariantCulture) : FakeCudaResult.Unknown,
                },
                _ => throw new FormatException($"a fake CUDA driver knows no setting '{part}'"),
            };
        }

        return settings;
    }
}
