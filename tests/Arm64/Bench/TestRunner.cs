using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using Xunit.Sdk;
using SkipException = Xunit.SkipException; // of Xunit.SkippableFact; the other is for xunit 3

namespace ResNetEdge.Tests.Arm64;

/// <summary>Runs xunit's tests in a Native AOT program, where xunit's own runners, which load assemblies, cannot.</summary>
internal sealed class TestRunner(TextWriter output)
{
    private const DynamicallyAccessedMemberTypes Needed =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods
            | DynamicallyAccessedMemberTypes.PublicProperties;

    public int Passed { get; private set; }

    public int Failed { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>Part of the names of the classes that are run; all of them when it is empty.</summary>
    public string Only { get; set; } = "";

    /// <summary>Every test of a class, each on an object of its own.</summary>
    public void Run<[DynamicallyAccessedMembers(Needed)] T>() where T : new()
    {
        if (!typeof(T).Name.Contains(Only, StringComparison.Ordinal))
            return;
        foreach (var method in typeof(T).GetMethods().Where(method => method.IsDefined(typeof(FactAttribute))))
        {
            foreach (object[] data in Data(method))
                Run(new T(), method, data);
        }
    }

    /// <summary>A theory's data; for a fact nothing, once.</summary>
    private static IEnumerable<object[]> Data(MethodInfo method) => method.IsDefined(typeof(TheoryAttribute))
        ? method.GetCustomAttributes<DataAttribute>().SelectMany(attribute => attribute.GetData(method))
        : [[]];

    private void Run(object test, MethodInfo method, object[] data)
    {
        string name = $"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", data)})";
        try
        {
            // As xunit does it: 10 is data for a byte too.
            object[] arguments = [.. method.GetParameters()
                .Zip(data, (p, value) => p.ParameterType.IsInstanceOfType(value)
                    ? value : Convert.ChangeType(value, p.ParameterType, CultureInfo.InvariantCulture))];
            method.Invoke(test, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            Passed++;
            output.WriteLine($"passed {name}");
        }
        catch (SkipException e)
        {
            Skipped++;
            output.WriteLine($"skipped {name}: {e.Message}");
        }
        catch (Exception e)
        {
            Failed++;
            output.WriteLine($"failed {name}: {e}");
        }
    }
}
