n,i;main(){scanf("%d",&n);for(i=0;i<n*n;)printf(i%n<n+~(i/n)?"..":"##"),++i%n||puts("");}
