using ResNetEdge.Tasks;

namespace ResNetEdge.Tests.Unit.Runtime.Tasks.Depth;

/// <summary>Watches how much of the picture is nearer than two metres: 0 to 1.</summary>
internal sealed class NearPredicate : TaskPredicate
{
    private const float NearMetres = 2;

    public override float Score(TaskResult result, out int what)
    {
        what = 0;
        int near = 0;
        float[] metres = ((DepthResult)result).Metres;
        foreach (float m in metres) near += m < NearMetres ? 1 : 0;
        return (float)near / metres.Length;
    }

    public override string NameOf(int what) => "near";
}
