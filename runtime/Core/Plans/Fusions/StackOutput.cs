using ResNetEdge.Model;
using ResNetEdge.Operators.Movement;

namespace ResNetEdge.Plans.Fusions;

/// <summary>
/// Where a stack of matrices is written: as its only reader, a Transpose that leaves rows of the
/// last axis whole, wants it. So heads are written side by side into the matrix of all of them.
/// </summary>
/// <param name="Buffer">Row-major in the shape of what the reader makes, or of the stack.</param>
/// <param name="Strides">The stack in it.</param>
/// <param name="Value">What is then there.</param>
internal sealed record StackOutput(PlanBuffer Buffer, ElementStrides Strides, string Value)
{
    /// <summary>A place for a value of float32; a Transpose that it serves needs no step.</summary>
    public static StackOutput New(PlanBuilder plan, string value)
    {
        var info = plan.Info(value);
        int rank = info.Shape.Rank;
        if (plan.Index.OnlyConsumer(value) is { OpType: OpTypes.Transpose } reader
            && Transpose.Permutation(reader, rank) is var permutation && permutation[^1] == rank - 1)
        {
            plan.Done(reader);
            var made = ElementStrides.RowMajor(plan.Info(reader.Output).Shape);
            long[] back = [.. Enumerable.Range(0, rank).Select(axis => (long)Array.IndexOf(permutation, axis))];
            return new(plan.Steps.NewBuffer(plan.Info(reader.Output), info.Type), made.Transposed(back), reader.Output);
        }

        return new(plan.Steps.NewBuffer(info, info.Type), ElementStrides.RowMajor(info.Shape), value);
    }

    /// <summary>Notes that the step has written it.</summary>
    public void Produced(PlanBuilder plan) => plan.Forms.Produced(Value, Buffer, Layout.Plain);
}
